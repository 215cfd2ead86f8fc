-- Tables of Markdown: `{.striped .hover}` after the caption stands for Bootstrap's classes.

local SHORT = {}
for name in
  ([[primary secondary success danger warning info light dark striped hover active bordered
  borderless sm responsive responsive-sm responsive-md responsive-lg responsive-xl
  responsive-xxl]]):gmatch("%S+")
do
  SHORT[name] = "table-" .. name
end

local function dress(tbl)
  tbl.classes = tbl.classes:map(function(class)
    return SHORT[class] or class
  end)
  if tbl.classes:includes("table-sm") then
    tbl.classes:insert("small")
  end
  -- So that the DOM step can tell it from tables in the output of cells.
  tbl.attributes["markdown-table"] = "true"
  return tbl
end

return function(doc)
  return doc:walk({ Table = dress })
end
