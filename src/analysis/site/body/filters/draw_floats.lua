-- Draws floats: a figure element with its caption above or below, numbered.

local elements = require("elements")
local kinds = require("kinds")
local options = require("options")

local NBSP = "\u{a0}"
-- Quarto's suffix of caption ids, so that they never meet an id of the page's own.
local CAPTION_SUFFIX = "-caption-0ceaefa1-69ba-4598-a22c-09a6ac19f8ca"

local function location(float, kind)
  return elements.take(float, kind .. "-cap-location")
    or elements.take(float, "cap-location")
    or options.cap_location[kind]
    or options.cap_location.fig
end

local function numbered(float, kind, caption)
  local number = elements.take(float, "x-number") or ""
  if elements.take(float, "x-parent") then
    local text = pandoc.Inlines({ pandoc.Str("(" .. number .. ")") })
    if #caption > 0 then
      text:insert(pandoc.Space())
    end
    text:extend(caption)
    return text
  end
  local text = kinds.title(kind)
  text:extend({ pandoc.Str(NBSP .. number) })
  if #caption > 0 then
    text:extend({ pandoc.Str(options.crossref.title_delim), pandoc.Space() })
    text:extend(caption)
  end
  return text
end

local function figure_caption(id, kind, place, is_part, is_bare, text)
  local family = is_part and "quarto-subfloat" or "quarto-float"
  local classes = {
    "quarto-float-caption-" .. place,
    family .. "-caption",
    family .. "-" .. kind,
  }
  if is_bare then
    table.insert(classes, "quarto-uncaptioned")
  end
  local caption = elements.block("figcaption", classes, {}, { pandoc.Plain(text) })
  caption.identifier = id
  return caption
end

-- What `fig-…` asks for is drawn here; only other words for an image remain on it.
local function drop_requests(node)
  local dropped = {}
  for name in pairs(node.attributes) do
    if name == "fig-align" or name:match("cap%-location$") or name:match("^fig%-[esp]") then
      table.insert(dropped, name)
    end
  end
  for _, name in ipairs(dropped) do
    node.attributes[name] = nil
  end
end

-- Walks the images of a float, without those in its tables, parts and other figures.
local function walk_images(content, visit)
  local function stay_out(node)
    return node, false
  end
  return content:walk({
    traverse = "topdown",
    Table = stay_out,
    Figure = stay_out,
    Div = function(div)
      if div.classes:includes("quarto-float") or div.classes:includes("quarto-layout-panel") then
        return div, false
      end
    end,
    Image = visit,
  })
end

-- How the float is aligned, the column classes of its image, and how many images it has.
local function from_images(content)
  local align, columns, count = nil, pandoc.List({}), 0
  walk_images(content, function(image)
    count = count + 1
    align = align or image.attributes["fig-align"]
    columns:extend(image.classes:filter(function(class)
      return class:match("^column%-")
    end))
  end)
  return align, columns, count
end

-- The caption is drawn once, for the float; it also names a single image without other words.
local function name_images(content, caption)
  return walk_images(content, function(image)
    image.caption = caption
    drop_requests(image)
    return image
  end)
end

local function outer(float, kind, align, columns, figure)
  if float.attributes["x-panel"] then
    local classes = float.classes:filter(function(class)
      return class:match("^column%-")
    end)
    classes:insert("quarto-layout-panel")
    return pandoc.Div({ figure }, pandoc.Attr(float.identifier, classes))
  end
  if kind == "lst" then
    float.classes:insert("listing")
  end
  float.classes:extend({ "quarto-float", "quarto-figure", "quarto-figure-" .. align })
  for _, class in ipairs(columns) do
    if not float.classes:includes(class) then
      float.classes:insert(class)
    end
  end
  return pandoc.Div({ figure }, float.attr)
end

local function draw(float)
  local kind = elements.take(float, "x-float")
  if kind == nil then
    return nil
  end
  local id = float.identifier .. CAPTION_SUFFIX
  local caption = float.content:remove(1).content
  local place = location(float, kind)
  local is_part = float.attributes["x-parent"] ~= nil
  local text = numbered(float, kind, caption)
  local drawn = figure_caption(id, kind, place, is_part, #caption == 0 and not is_part, text)
  local align, columns, count = from_images(float.content)
  align = kind == "lst" and "left" or align or float.attributes["fig-align"] or options.fig_align
  drop_requests(float)
  -- These two name the image; on a Div they would not be valid.
  float.attributes["fig-alt"], float.attributes["alt"] = nil, nil
  local body = name_images(float.content, count == 1 and caption or {})
  body = pandoc.Div(body, pandoc.Attr("", {}, { ["aria-describedby"] = id }))
  local class = (is_part and "quarto-subfloat-" or "quarto-float-") .. kind
  local content = place == "top" and { drawn, body } or { body, drawn }
  local figure = elements.block("figure", { "quarto-float", class }, {}, content)
  return outer(float, kind, align, columns, figure)
end

return function(doc)
  return doc:walk({ Div = draw })
end
