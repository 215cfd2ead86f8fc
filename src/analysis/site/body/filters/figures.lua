-- Draws figures that have a caption but no label.

local elements = require("elements")
local options = require("options")

local function forwarded(class)
  return class:match("^column%-") or class:match("^margin%-") or class:match("^quarto%-")
end

local function draw(figure)
  local align = figure.attributes["fig-align"]
  local classes = pandoc.List({ "quarto-figure" })
  local content = figure.content:walk({
    Image = function(image)
      align = align or elements.take(image, "fig-align")
      classes:extend(image.classes:filter(forwarded))
      image.caption = image.attributes["fig-alt"] and {} or image.caption
      return image
    end,
  })
  classes:extend(figure.classes:filter(forwarded))
  classes:insert("quarto-figure-" .. (align or options.fig_align))
  local blocks = content:map(function(block)
    return block.t == "Plain" and pandoc.Para(block.content) or block
  end)
  local caption = pandoc.utils.blocks_to_inlines(figure.caption.long)
  local below = elements.block("figcaption", {}, {}, { pandoc.Plain(caption) })
  blocks:insert(options.cap_location.fig == "top" and 1 or #blocks + 1, below)
  local drawn = elements.block("figure", {}, {}, blocks)
  return pandoc.Div({ drawn }, pandoc.Attr(figure.identifier, classes)), false
end

-- For pandoc a linked image is no figure.
local function from_linked_image(para)
  local image = elements.lone_image(para)
  if image == nil or para.content[1].t ~= "Link" or #image.caption == 0 then
    return nil
  end
  return draw(pandoc.Figure({ pandoc.Plain(para.content) }, { pandoc.Plain(image.caption) }))
end

return function(doc)
  return doc:walk({ traverse = "topdown", Figure = draw, Para = from_linked_image })
end
