-- Code blocks: cells shown with their fences, line numbers, file names.

local elements = require("elements")
local options = require("options")

-- "```{{python}}" in shown code stands for "```{python}".
local function unescape(block)
  local language = elements.take(block, "escaped-cell")
  if language then
    block.text = "```{" .. language .. "}\n" .. block.text .. "\n```"
    block.classes:insert(1, "markdown")
  elseif block.text:find("```{{", 1, true) then
    block.text = block.text:gsub("```{{([%w+#%-_]+)}}", "```{%1}")
    if block.classes[1] == nil or block.classes[1] == "cell-code" then
      block.classes:insert(1, "markdown")
    end
  end
end

local function number_lines(block)
  local wanted = elements.take(block, "code-line-numbers")
  if wanted == nil then
    wanted = tostring(options.code_line_numbers)
  end
  if wanted ~= "false" and #block.classes > 0 and not block.classes:includes("number-lines") then
    block.classes:insert("number-lines")
  end
end

local function code_block(block)
  unescape(block)
  number_lines(block)
  local overflow = elements.take(block, "code-overflow") or options.code_overflow
  if overflow == "wrap" then
    block.classes:insert("code-overflow-wrap")
  end
  return block
end

local function inline_code(code)
  code.text = code.text:gsub("^{{([%w+#%-_]+)}}", "{%1}")
  return code
end

return function(doc)
  return doc:walk({ CodeBlock = code_block, Code = inline_code })
end
