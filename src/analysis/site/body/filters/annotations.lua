-- Annotated code: lines that end in a comment such as `# <1>`, and the list after them that says
-- what these lines do.

local elements = require("elements")
local options = require("options")

local COMMENTS = {
  { "#", "", "python r bash sh yaml toml julia ruby perl make dockerfile" },
  { "//", "", "javascript typescript java c cpp cs go rust scala swift kotlin json scss" },
  { "--", "", "sql lua haskell sqlpostgresql" },
  { "%", "", "latex tex matlab" },
  { "<!--", "-->", "html xml markdown" },
  { "/*", "*/", "css" },
}
local pattern_of = {}
for _, entry in ipairs(COMMENTS) do
  local opening, closing = entry[1]:gsub("%p", "%%%0"), entry[2]:gsub("%p", "%%%0")
  for language in entry[3]:gmatch("%S+") do
    pattern_of[language] = "%s*" .. opening .. "%s*<(%d+)>%s*" .. closing .. "%s*$"
  end
end

local count = 0

-- Takes the marks off the code; gives the lines of each, by number, or nil if there are none.
local function take_marks(code)
  local pattern = pattern_of[code.classes[1]]
  if pattern == nil then
    return nil
  end
  local marks, lines, found = {}, {}, false
  for line in (code.text .. "\n"):gmatch("(.-)\n") do
    local number = line:match(pattern)
    table.insert(lines, (line:gsub(pattern, "")))
    if number then
      found = true
      marks[tonumber(number)] = marks[tonumber(number)] or {}
      table.insert(marks[tonumber(number)], tostring(#lines))
    end
  end
  code.text = table.concat(lines, "\n")
  return found and marks or nil
end

local function code_of(block)
  if block.t == "CodeBlock" then
    return block
  end
  if block.t == "Div" and block.classes:includes("cell") then
    return block.content:find_if(function(inner)
      return inner.t == "CodeBlock" and inner.classes:includes("cell-code")
    end)
  end
end

local function entry(cell, number, lines, item)
  local target = { { "target-cell", cell }, { "target-annotation", tostring(number) } }
  local term = elements.block("dt", {}, target, { pandoc.Plain(tostring(number)) })
  local source = {
    { "code-cell", cell },
    { "code-lines", table.concat(lines or {}, ",") },
    { "code-annotation", tostring(number) },
  }
  local text = pandoc.Span(pandoc.utils.blocks_to_inlines(item), pandoc.Attr("", {}, source))
  return term, elements.block("dd", {}, {}, { pandoc.Plain({ text }) })
end

local function explanation(cell, list, marks)
  local entries = pandoc.Blocks({})
  for index, item in ipairs(list.content) do
    local number = list.start + index - 1
    local term, text = entry(cell, number, marks[number], item)
    entries:extend({ term, text })
  end
  local is_hidden = options.code_annotations == "hover" or options.code_annotations == "select"
  local class = "code-annotation-container-" .. (is_hidden and "hidden" or "grid")
  return elements.div({ "cell-annotation" }, { elements.block("dl", { class }, {}, entries) })
end

-- In a cell the explanation stands right below the code, above the output.
local function place(block, code, text)
  if block.t == "CodeBlock" then
    return pandoc.Blocks({ block, text })
  end
  local position = 1
  while block.content[position] ~= code do
    position = position + 1
  end
  block.content:insert(position + 1, text)
  return pandoc.Blocks({ block })
end

local function annotate(blocks)
  local result = pandoc.Blocks({})
  local position = 1
  while position <= #blocks do
    local block, list = blocks[position], blocks[position + 1]
    local code = list and list.t == "OrderedList" and code_of(block)
    local marks = code and take_marks(code)
    if marks and options.code_annotations ~= "none" then
      count = count + 1
      code.identifier = code.identifier ~= "" and code.identifier or "annotated-cell-" .. count
      code.classes:insert("code-annotation-code")
      result:extend(place(block, code, explanation(code.identifier, list, marks)))
      position = position + 2
    else
      result:insert(block)
      position = position + 1
    end
  end
  return result
end

return function(doc)
  return options.code_annotations == "false" and doc or doc:walk({ Blocks = annotate })
end
