-- Tabsets: the headings of one level inside `.panel-tabset` are the tabs.

local elements = require("elements")

local count = 0

local function split_tabs(blocks)
  local first = blocks:find_if(function(block)
    return block.t == "Header"
  end)
  local tabs = pandoc.List({})
  for _, block in ipairs(blocks) do
    if first and block.t == "Header" and block.level == first.level then
      tabs:insert({ header = block, content = pandoc.Blocks({}) })
    elseif #tabs > 0 then
      tabs[#tabs].content:insert(block)
    end
  end
  return tabs
end

local function active_index(tabs)
  for index, tab in ipairs(tabs) do
    if tab.header.classes:includes("active") then
      return index
    end
  end
  return 1
end

local function tab_link(id, title, is_active)
  local link = elements.inline("a", { "nav-link", is_active and "active" or nil }, {
    { "data-bs-toggle", "tab" },
    { "data-bs-target", "#" .. id },
    { "role", "tab" },
    { "aria-controls", id },
    { "aria-selected", tostring(is_active) },
    { "href", "" },
  }, title)
  link.identifier = id .. "-tab"
  return elements.block("li", { "nav-item" }, { { "role", "presentation" } }, {
    pandoc.Plain({ link }),
  })
end

local function tab_pane(id, tab, is_active)
  local classes = tab.header.classes:clone()
  classes = elements.without(classes, function(class)
    return class == "active"
  end)
  classes:insert("tab-pane")
  if is_active then
    classes:insert("active")
  end
  local attributes = { { "role", "tabpanel" }, { "aria-labelledby", id .. "-tab" } }
  return pandoc.Div(tab.content, pandoc.Attr(id, classes, attributes))
end

local function tabset(div)
  if not div.classes:includes("panel-tabset") then
    return nil
  end
  local tabs = split_tabs(div.content)
  count = count + 1
  local links, panes = pandoc.Blocks({}), pandoc.Blocks({})
  local active = active_index(tabs)
  for index, tab in ipairs(tabs) do
    local id = string.format("tabset-%d-%d", count, index)
    links:insert(tab_link(id, tab.header.content, index == active))
    panes:insert(tab_pane(id, tab, index == active))
  end
  div.content = {
    elements.block("ul", { "nav", "nav-tabs" }, { { "role", "tablist" } }, links),
    elements.div({ "tab-content" }, panes),
  }
  return div
end

return function(doc)
  return doc:walk({ traverse = "topdown", Div = tabset })
end
