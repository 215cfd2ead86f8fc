-- Reads figures, tables and listings that can be referred to: afterwards each is a Div with the
-- attribute `x-float` (its kind) and its caption as first block.

local elements = require("elements")
local kinds = require("kinds")

local SIZES = { width = true, height = true }

local function is_output(block)
  return block.t == "Div" and block.classes:includes("cell-output-display")
end

local function is_column(class)
  return class:match("^column%-") ~= nil
end

-- Attributes that belong to the image say nothing about the float around it.
local function inherit(attr, image)
  for name, value in pairs(image.attributes) do
    if not SIZES[name] then
      attr.attributes[name] = value
    end
  end
  for _, class in ipairs(image.classes) do
    if class ~= "border" then
      attr.classes:insert(class)
    end
  end
end

local function float(attr, content, caption)
  local kind = kinds.prefix(attr.identifier)
  attr.attributes[kind .. "-cap"] = nil
  attr.attributes["x-float"] = kind
  local blocks = pandoc.Blocks({ pandoc.Plain(caption or {}) })
  blocks:extend(content)
  return pandoc.Div(blocks, attr)
end

local function is_float(label)
  return kinds.is(label, "float")
end

local function from_figure(figure)
  if not is_float(figure.identifier) then
    return nil
  end
  local attr = figure.attr:clone()
  local content = figure.content:walk({
    Image = function(image)
      inherit(attr, image)
      image.caption = {}
      return image
    end,
  })
  return float(attr, content, pandoc.utils.blocks_to_inlines(figure.caption.long))
end

-- An image without a caption is no Figure for pandoc, and neither is a linked one.
local function from_paragraph(para)
  local image = elements.lone_image(para)
  if image == nil or not is_float(image.identifier) then
    return nil
  end
  local attr = pandoc.Attr(image.identifier)
  local caption = image.caption
  inherit(attr, image)
  local plain = pandoc.Plain(para.content):walk({
    Image = function(inner)
      inner.identifier = ""
      inner.caption = {}
      return inner
    end,
  })
  return float(attr, { plain }, caption)
end

local function from_table(tbl)
  if not is_float(tbl.identifier) then
    return nil
  end
  local attr = tbl.attr:clone()
  local caption = pandoc.utils.blocks_to_inlines(tbl.caption.long)
  tbl.caption.long = {}
  tbl.identifier = ""
  attr.classes = {}
  attr.attributes["markdown-table"] = nil
  return float(attr, { tbl }, caption)
end

local function from_code(code)
  local caption = code.attributes["lst-cap"]
  if caption == nil or not kinds.is(code.identifier, "float") then
    return nil
  end
  local attr = code.attr:clone()
  attr.attributes["filename"] = nil
  code.attributes["lst-cap"] = nil
  code.identifier = ""
  return float(attr, { code }, elements.inlines(caption))
end

local function table_caption(div)
  local caption = nil
  div.content = div.content:walk({
    Table = function(tbl)
      if caption == nil and #tbl.caption.long > 0 then
        caption = pandoc.utils.blocks_to_inlines(tbl.caption.long)
        tbl.caption.long = {}
        return tbl
      end
    end,
  })
  return caption
end

-- Takes the caption out of a Div: the attribute, the last paragraph, or that of a table inside.
local function take_caption(div, kind)
  local given = elements.take(div, kind .. "-cap")
  if given then
    return elements.inlines(given)
  end
  local last = div.content[#div.content]
  if #div.content > 1 and last.t == "Para" and not elements.lone_image(last) then
    div.content:remove(#div.content)
    return last.content
  end
  return table_caption(div)
end

local function sub_float(parent, index, output, caption)
  local attr = pandoc.Attr(string.format("%s-%d", parent, index))
  return float(attr, { output }, elements.inlines(caption or ""))
end

local function has_label(block)
  local labelled = block.t == "Figure" and block or elements.lone_image(block)
  return labelled and is_float(labelled.identifier)
end

-- Labels the outputs of a cell one by one when it has a list of captions for them.
local function label_outputs(div, kind)
  local given = elements.take(div, kind .. "-subcap")
  if given == nil then
    return
  end
  local captions = elements.decode(given) or {}
  local index = 0
  for position, block in ipairs(div.content) do
    if is_output(block) and not block.content:find_if(has_label) then
      index = index + 1
      div.content[position] = sub_float(div.identifier, index, block, captions[index])
    end
  end
end

local function lone_image_of(div)
  return #div.content == 1 and elements.lone_image(div.content[1]) or nil
end

-- A cell keeps its code; its outputs become the float, which takes the cell's label.
local function from_cell(div, caption)
  local outputs, rest = pandoc.Blocks({}), pandoc.Blocks({})
  for _, block in ipairs(div.content) do
    (is_output(block) and outputs or rest):insert(block)
  end
  if #outputs == 0 then
    return nil
  end
  -- Only what the cell shows is wide, not its code and its caption.
  for _, output in ipairs(outputs) do
    output.classes:extend(div.classes:filter(is_column))
  end
  div.classes = elements.without(div.classes, is_column)
  rest:insert(float(div.attr:clone(), outputs, caption))
  div.identifier = ""
  return pandoc.Div(rest, div.attr)
end

local function has_layout(div)
  local given = div.attributes
  return given["layout"] or given["layout-ncol"] or given["layout-nrow"]
end

local function from_div(div)
  if div.attributes["x-float"] or not is_float(div.identifier) then
    return nil
  end
  local kind = kinds.prefix(div.identifier)
  local caption = take_caption(div, kind)
  local attr = div.attr
  local image = lone_image_of(div)
  if image then
    inherit(attr, image)
    image.caption = {}
    div.content = { pandoc.Plain(div.content[1].content) }
  end
  if div.classes:includes("cell") then
    label_outputs(div, kind)
    if not has_layout(div) and not div.content:find_if(function(block)
      return block.t == "Div" and block.attributes["x-float"]
    end) then
      local cell = from_cell(div, caption)
      if cell then
        return cell
      end
    end
  end
  return float(attr, div.content, caption)
end

-- A cell that holds floats passes its caption locations on to them.
local function hand_down(cell)
  local location = cell.attributes["cap-location"]
  if location == nil or not cell.classes:includes("cell") then
    return nil
  end
  return cell:walk({
    Div = function(div)
      if div.attributes["x-float"] then
        div.attributes["cap-location"] = div.attributes["cap-location"] or location
        return div
      end
    end,
  })
end

return function(doc)
  return doc
    :walk({
      traverse = "topdown",
      Figure = from_figure,
      Para = from_paragraph,
      Table = from_table,
      CodeBlock = from_code,
      Div = from_div,
    })
    :walk({ Div = hand_down })
end
