-- The order of the steps. Each step is a file beside this one and takes and gives a document.
-- First the source's own words become nodes, then these are numbered and referred to, then drawn.

local folder = pandoc.path.directory(PANDOC_SCRIPT_FILE)
package.path = pandoc.path.join({ folder, "?.lua" }) .. ";" .. package.path

local steps = {
  "conditional",
  "annotations",
  "code",
  "diagrams",
  "tables",
  "equations",
  "callouts",
  "theorems",
  "tabsets",
  "floats",
  "numbering",
  "references",
  "layout",
  "draw_floats",
  "draw_theorems",
  "draw_callouts",
  "figures",
  "folding",
  "finishing",
}

function Pandoc(doc)
  for _, name in ipairs(steps) do
    doc = require(name)(doc)
  end
  return doc
end
