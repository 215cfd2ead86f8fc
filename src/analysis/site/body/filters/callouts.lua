-- Reads callouts: afterwards each is a Div with the attribute `x-callout` and its title first.

local elements = require("elements")

local TYPES = { note = true, tip = true, warning = true, important = true, caution = true }

local function type_of(classes)
  for _, class in ipairs(classes) do
    local type = class:match("^callout%-(.+)$")
    if TYPES[type] then
      return type
    end
    if class == "callout" then
      return "none"
    end
  end
end

local function is_callout_class(class)
  return class == "callout" or TYPES[class:match("^callout%-(.+)$")] or false
end

local function title_of(div)
  local given = div.attributes.title
  if given and given ~= "" then
    return elements.inlines(given)
  end
  local first = div.content[1]
  if first and first.t == "Header" then
    div.content:remove(1)
    return first.content
  end
  return pandoc.Inlines({})
end

local function read(div)
  local type = type_of(div.classes)
  if type == nil or div.attributes["x-callout"] then
    return nil
  end
  div.classes = elements.without(div.classes, is_callout_class)
  div.content:insert(1, pandoc.Plain(title_of(div)))
  div.attributes["x-callout"] = type
  return div
end

return function(doc)
  return doc:walk({ traverse = "topdown", Div = read })
end
