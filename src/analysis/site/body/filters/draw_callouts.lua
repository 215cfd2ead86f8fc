-- Draws callouts: icon, title and body, and a button when it can be folded.

local elements = require("elements")
local kinds = require("kinds")
local options = require("options")

local NBSP = "\u{a0}"
local APPEARANCES = { simple = true, minimal = true, default = true }
local count = 0

local function appearance_of(div, type)
  local default = type == "none" and "simple" or options.callout_appearance
  local given = (elements.take(div, "appearance") or default):lower()
  return APPEARANCES[given] and given or "default"
end

local function has_icon(div, type, appearance)
  local given = elements.take(div, "icon")
  if appearance == "minimal" or type == "none" or given == "false" then
    return false
  end
  return given ~= nil or options.callout_icon
end

local function number_title(div, title)
  local number = elements.take(div, "x-number")
  if number == nil then
    return title, false
  end
  local text = kinds.title(kinds.prefix(div.identifier))
  text:insert(pandoc.Str(NBSP .. number))
  if #title > 0 then
    text:extend({ pandoc.Str(options.crossref.title_delim), pandoc.Space() })
    text:extend(title)
  end
  return text, true
end

-- The type is part of what a screen reader says, unless the title shows it already.
local function full_title(div, type, title, appearance)
  local name = options.words[type] or ""
  local text, shows_type = number_title(div, title)
  if #text == 0 and appearance == "default" and name ~= "" then
    return pandoc.Inlines(name)
  end
  if #text > 0 and not shows_type and name ~= "" then
    text:insert(1, pandoc.Span(name, pandoc.Attr("", { "screen-reader-only" })))
  end
  return text
end

local function icon(shown)
  local classes = { "callout-icon", not shown and "no-icon" or nil }
  local mark = elements.inline("i", classes, {}, {})
  return elements.div({ "callout-icon-container" }, { pandoc.Plain({ mark }) })
end

local function make_foldable(header, body, is_closed, id)
  local target = id .. "-contents"
  local toggle = elements.inline("i", { "callout-toggle" }, {}, {})
  local classes =
    { "callout-btn-toggle", "d-inline-block", "border-0", "py-1", "ps-1", "pe-0", "float-end" }
  header.content:insert(elements.div(classes, { pandoc.Plain({ toggle }) }))
  if is_closed then
    header.classes:insert("collapsed")
  end
  header.attributes["bs-toggle"] = "collapse"
  header.attributes["bs-target"] = "." .. target
  header.attributes["aria-controls"] = id
  header.attributes["aria-expanded"] = tostring(not is_closed)
  header.attributes["aria-label"] = "Toggle callout"
  local shell = elements.div({ target, "callout-collapse", "collapse" }, { body })
  shell.identifier = id
  if not is_closed then
    shell.classes:insert("show")
  end
  return shell
end

local function titled(shown_icon, title, body, collapse)
  count = count + 1
  local heading = elements.div({ "callout-title-container", "flex-fill" }, { pandoc.Plain(title) })
  local classes = { "callout-header", "d-flex", "align-content-center" }
  local header = elements.div(classes, { icon(shown_icon), heading })
  body.classes:insert("callout-body")
  if collapse then
    body = make_foldable(header, body, collapse == "true", "callout-" .. count)
  end
  return { header, body }
end

local function draw(div)
  local type = elements.take(div, "x-callout")
  if type == nil then
    return nil
  end
  local appearance = appearance_of(div, type)
  local shown_icon = has_icon(div, type, appearance)
  local collapse = elements.take(div, "collapse")
  local title = full_title(div, type, div.content:remove(1).content, appearance)
  local body = elements.div({ "callout-body-container" }, div.content)
  local style = appearance == "minimal" and "simple" or appearance
  div.classes:extend({ "callout", "callout-style-" .. style })
  if type ~= "none" then
    div.classes:insert("callout-" .. type)
  end
  if not shown_icon then
    div.classes:insert("no-icon")
  end
  if #div.content == 0 then
    div.classes:insert("callout-empty-content")
  end
  if #title > 0 then
    div.classes:insert("callout-titled")
    div.content = titled(shown_icon, title, body, collapse)
  else
    div.content = { elements.div({ "callout-body", "d-flex" }, { icon(shown_icon), body }) }
  end
  return div
end

return function(doc)
  return doc:walk({ traverse = "topdown", Div = draw })
end
