-- Folds the code of cells away, and writes the file's name above code that has one.

local elements = require("elements")
local options = require("options")

local CLOSED = { ["true"] = true, ["1"] = true, hide = true }

local function fold(block, shown)
  local given = elements.take(block, "code-fold") or options.fold
  local summary = elements.take(block, "code-summary") or options.summary
  if not block.classes:includes("cell-code") or not (CLOSED[given] or given == "show") then
    return shown
  end
  local attributes = given == "show" and { { "open", "" } } or {}
  local label = elements.inlines(summary)
  local content = pandoc.Blocks({
    elements.block("summary", {}, {}, { pandoc.Plain(label) }),
    shown,
  })
  return elements.block("details", { "code-fold" }, attributes, content)
end

local function name_file(block)
  local name = elements.take(block, "filename")
  if name == nil then
    return block
  end
  local title = elements.block("pre", {}, {}, { pandoc.Plain({ pandoc.Strong(name) }) })
  local content = { elements.div({ "code-with-filename-file" }, { title }), block }
  return elements.div({ "code-with-filename" }, content)
end

local function draw(block)
  return fold(block, name_file(block)), false
end

return function(doc)
  return doc:walk({ traverse = "topdown", CodeBlock = draw })
end
