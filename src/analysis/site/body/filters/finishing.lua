-- Images, formulas and tables: what the writer alone does not add.

local elements = require("elements")

local function draw_image(image)
  local alt = elements.take(image, "fig-alt")
  if alt then
    image.caption = pandoc.Inlines(alt)
  end
  -- A picture of fixed height is not stretched with the column.
  if not image.attributes.height and not image.classes:includes("img-fluid") then
    image.classes:insert("img-fluid")
  end
  return image
end

local function draw_math(math)
  local name = math.mathtype == "DisplayMath" and "display" or "inline"
  return pandoc.Span({ math }, pandoc.Attr("", { "math", name }))
end

-- So that the DOM step can tell them from tables in the output of cells.
local function mark_table(tbl)
  tbl.attributes["markdown-table"] = "true"
  return tbl
end

return function(doc)
  return doc:walk({ Image = draw_image, Math = draw_math, Table = mark_table })
end
