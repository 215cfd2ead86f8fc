-- Mermaid diagrams: a cell with the diagram's text, and a label and a caption if it has them.

local elements = require("elements")
local report = require("report")

local function split_options(text)
  local given, rest = {}, {}
  for line in (text .. "\n"):gmatch("(.-)\n") do
    local name, value = line:match("^%%%%|%s*([%w-]+):%s*(.-)%s*$")
    if name then
      given[name] = value:gsub('^"(.*)"$', "%1"):gsub("^'(.*)'$", "%1")
    else
      table.insert(rest, line)
    end
  end
  return given, table.concat(rest, "\n")
end

local function diagram(block)
  if not block.classes:includes("diagram-mermaid") then
    return nil
  end
  report("feature", "mermaid")
  local given, text = split_options(block.text)
  local picture = elements.block("pre", { "mermaid", "mermaid-js" }, {}, {
    pandoc.Plain({ pandoc.Str(text) }),
  })
  local output = elements.div({ "cell-output-display" }, {
    pandoc.Div({
      elements.block("figure", {}, {}, { pandoc.Div({ picture }) }),
    }),
  })
  local cell = pandoc.Div({ output }, pandoc.Attr("", { "cell" }, { ["layout-align"] = "default" }))
  cell.identifier = given.label or ""
  if given["fig-cap"] then
    cell.content:insert(pandoc.Para(elements.inlines(given["fig-cap"])))
  end
  return cell
end

return function(doc)
  return doc:walk({ CodeBlock = diagram })
end
