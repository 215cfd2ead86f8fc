-- Images and formulas: what the writer alone does not add.

local elements = require("elements")
local options = require("options")

local function draw_image(image)
  local alt = elements.take(image, "fig-alt")
  if alt then
    image.caption = pandoc.Inlines(alt)
  end
  -- A picture of fixed height is not stretched with the column.
  if options.fig_responsive and not image.attributes.height and not image.classes:includes("img-fluid") then
    image.classes:insert("img-fluid")
  end
  return image
end

local function draw_math(math)
  local name = math.mathtype == "DisplayMath" and "display" or "inline"
  return pandoc.Span({ math }, pandoc.Attr("", { "math", name }))
end

return function(doc)
  return doc:walk({ Image = draw_image, Math = draw_math })
end
