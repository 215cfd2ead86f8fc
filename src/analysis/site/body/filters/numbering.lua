-- Numbers sections, floats, theorems, callouts and equations in the order of the page.

local elements = require("elements")
local kinds = require("kinds")
local labels = require("labels")
local options = require("options")

local counts = {}
local section = { 0, 0, 0, 0, 0, 0, 0 }
local offsets = { 0, 0, 0, 0, 0, 0, 0 }
local top_level = 2

local function chapter()
  return options.crossref.chapters and top_level == 1 and section[1] > 0 and section[1] or nil
end

local function next_number(prefix)
  counts[prefix] = (counts[prefix] or 0) + 1
  local number = kinds.number(prefix, counts[prefix])
  return chapter() and (chapter() .. "." .. number) or number
end

-- The number of the current section, as deep as `level`: sections below a title start at 2.
local function section_number(level)
  return table.concat(section, ".", math.min(top_level, level), level)
end

local function number_header(header)
  if header.classes:includes("unnumbered") then
    return nil
  end
  local level = math.min(header.level, 7)
  section[level] = section[level] + 1
  for deeper = level + 1, 7 do
    section[deeper] = offsets[deeper]
  end
  if level == 1 and options.crossref.chapters then
    counts = {}
  end
  local number = section_number(level)
  if kinds.is(header.identifier, "section") then
    labels.add(header.identifier, number)
  end
  if options.number_sections and level <= options.number_depth then
    header.attributes["number"] = number
    header.content:insert(1, pandoc.Space())
    header.content:insert(1, pandoc.Span(number, pandoc.Attr("", { "header-section-number" })))
    return header
  end
end

-- Gives the floats inside a float their letters; they are referred to by the float's number.
local function number_parts(float, number)
  local count = 0
  return float:walk({
    traverse = "topdown",
    Div = function(div)
      if div.attributes["x-float"] and div.identifier ~= float.identifier then
        count = count + 1
        local letter = kinds.number("subref", count)
        div.attributes["x-parent"] = float.identifier
        div.attributes["x-number"] = letter
        labels.add(div.identifier, number .. " (" .. letter .. ")", float.identifier)
        return div, false
      end
    end,
  })
end

-- What was read as a callout counts as one only if its label says so, and so for the others.
local MARKS = {
  float = "x-float",
  callout = "x-callout",
  theorem = "x-theorem",
  proof = "x-theorem",
}

local function number_div(div)
  local mark = MARKS[kinds.family(div.identifier) or ""]
  if mark == nil or not div.attributes[mark] or div.attributes["x-parent"] then
    return nil
  end
  local number = next_number(kinds.prefix(div.identifier))
  div.attributes["x-number"] = number
  labels.add(div.identifier, number)
  return mark == "x-float" and number_parts(div, number) or div
end

local function number_equation(span)
  if not kinds.is(span.identifier, "equation") or labels.find(span.identifier) then
    return nil
  end
  local number = next_number("eq")
  labels.add(span.identifier, number)
  local shown = elements.inline("span", { "equation-number" }, {}, { "(" .. number .. ")" })
  span.content:insert(shown)
  return span
end

return function(doc)
  doc:walk({
    Header = function(header)
      top_level = math.min(top_level, header.level)
    end,
  })
  for depth, offset in ipairs(options.number_offset) do
    local level = top_level + depth - 1
    offsets[level] = math.tointeger(offset)
    section[level] = offsets[level]
  end
  return doc:walk({
    traverse = "topdown",
    Header = number_header,
    Div = number_div,
    Span = number_equation,
  })
end
