-- Elements that pandoc has no node for: a Div or Span that the DOM step renames afterwards.

local elements = {}

local function with_tag(tag, classes, attributes)
  local all = { { "data-element", tag } }
  for _, pair in ipairs(attributes or {}) do
    table.insert(all, pair)
  end
  return pandoc.Attr("", classes or {}, all)
end

function elements.block(tag, classes, attributes, content)
  return pandoc.Div(content, with_tag(tag, classes, attributes))
end

function elements.inline(tag, classes, attributes, content)
  return pandoc.Span(content, with_tag(tag, classes, attributes))
end

function elements.div(classes, content)
  return pandoc.Div(content, pandoc.Attr("", classes))
end

-- A copy of `classes` without those that `unwanted` says yes to.
function elements.without(classes, unwanted)
  return classes:filter(function(class)
    return not unwanted(class)
  end)
end

-- Takes an attribute off a node and gives its value, or nil.
function elements.take(node, name)
  local value = node.attributes[name]
  node.attributes[name] = nil
  return value
end

-- Reads a list that is written as JSON; nil if it is none.
function elements.decode(text)
  local is_json, value = pcall(pandoc.json.decode, text, false)
  return is_json and type(value) == "table" and pandoc.List(value) or nil
end

-- Reads inline Markdown from an attribute.
function elements.inlines(text)
  return pandoc.utils.blocks_to_inlines(pandoc.read(text, "markdown").blocks)
end

-- The image of a paragraph that holds one image and nothing else, linked or not; else nil.
function elements.lone_image(block)
  if (block.t ~= "Para" and block.t ~= "Plain") or #block.content ~= 1 then
    return nil
  end
  local inline = block.content[1]
  if inline.t == "Link" and #inline.content == 1 then
    inline = inline.content[1]
  end
  return inline.t == "Image" and inline or nil
end

return elements
