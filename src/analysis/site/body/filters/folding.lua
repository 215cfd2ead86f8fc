-- Folds the code of cells away, and writes the file's name above code that has one.

local elements = require("elements")
local options = require("options")

local CLOSED = { ["true"] = true, ["1"] = true, hide = true }

local function file_name(name)
  local title = elements.block("pre", {}, {}, { pandoc.Plain({ pandoc.Strong(name) }) })
  return elements.div({ "code-with-filename-file" }, { title })
end

local function details(shown, is_open, summary)
  local label = elements.block("summary", {}, {}, { pandoc.Plain(elements.inlines(summary)) })
  shown:insert(1, label)
  local attributes = is_open and { { "open", "" } } or {}
  return pandoc.Blocks({ elements.block("details", { "code-fold" }, attributes, shown) })
end

local function draw(block)
  -- First of all, for a block in a list is a copy.
  local name = elements.take(block, "filename")
  local given = elements.take(block, "code-fold") or options.code_fold
  local summary = elements.take(block, "code-summary") or options.code_summary
  local shown = pandoc.Blocks({ block })
  if name then
    shown:insert(1, file_name(name))
  end
  if block.classes:includes("cell-code") and (CLOSED[given] or given == "show") then
    shown = details(shown, given == "show", summary)
  end
  return name and elements.div({ "code-with-filename" }, shown) or shown, false
end

return function(doc)
  return doc:walk({ traverse = "topdown", CodeBlock = draw })
end
