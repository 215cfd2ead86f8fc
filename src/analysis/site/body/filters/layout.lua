-- Puts the parts of a Div or float side by side, as `layout`, `layout-ncol` or `layout-nrow` ask.

local elements = require("elements")
local report = require("report")

local ALIGN = { left = "flex-start", center = "center", right = "flex-end" }
local DEFAULT_WIDTH = 42

local function percent(value)
  return string.format("%.1f", value):gsub("%.?0+$", "", 1)
end

local function is_code(block)
  return block.t == "CodeBlock" and block.classes:includes("cell-code")
end

local function is_side_output(block)
  return block.t == "Div" and block.classes:includes("cell-output-stderr")
end

local function is_float(block)
  return block.t == "Div" and block.attributes["x-float"] ~= nil
end

local function has_table(cell)
  local found = false
  cell:walk({
    Table = function()
      found = true
    end,
  })
  return found
end

local function has_float(cell)
  local found = false
  pandoc.Div({ cell }):walk({
    Div = function(div)
      found = found or is_float(div)
    end,
  })
  return found
end

-- Each block is a cell; a heading belongs to the cell after it; shown code stands before all.
local function split(blocks)
  local before, cells = pandoc.Blocks({}), pandoc.List({})
  local heading = nil
  for _, block in ipairs(blocks) do
    if is_code(block) or is_side_output(block) then
      before:insert(block)
    elseif block.t == "Header" then
      heading = block
    else
      local cell = block
      if block.t ~= "Div" or is_float(block) then
        cell = pandoc.Div({ block })
      end
      if heading then
        cell.content:insert(1, heading)
        heading = nil
      end
      cells:insert(cell)
    end
  end
  return before, cells
end

local function image_of(cell)
  for _, block in ipairs(cell.content) do
    local inner = block.t == "Figure" and block.content[1] or block
    local image = elements.lone_image(inner)
    if image then
      return image
    end
  end
end

local function given_width(cell)
  local float = cell.content:find_if(is_float)
  local source = float or image_of(cell)
  return source and tonumber((source.attributes.width or ""):match("^[%d.]+")) or nil
end

-- Rows of {cell, width in percent}; without widths of their own, columns are equal.
local function in_columns(cells, columns)
  local rows = pandoc.List({})
  for first = 1, #cells, columns do
    local widths, total, default = {}, 0, nil
    for index = 0, columns - 1 do
      widths[index] = cells[first + index] and given_width(cells[first + index])
      default = default or widths[index]
    end
    for index = 0, columns - 1 do
      widths[index] = widths[index] or default or DEFAULT_WIDTH
      total = total + widths[index]
    end
    local row = pandoc.List({})
    for index = 0, math.min(columns, #cells - first + 1) - 1 do
      row:insert({ cell = cells[first + index], width = widths[index] / total * 100 })
    end
    rows:insert(row)
  end
  return rows
end

local function numbers(row)
  local total, widths = 0, pandoc.List({})
  for _, width in ipairs(row) do
    local value = type(width) == "number" and width or tonumber((width:match("^-?[%d.]+")))
    widths:insert(value or 1)
    total = total + math.abs(value or 1)
  end
  return widths:map(function(width)
    return width / total * 100
  end)
end

-- `[[1, 1], [1]]` or `[40, -20, 40]`; a negative width is a gap; the last row repeats.
local function in_pattern(cells, text)
  local pattern = elements.decode(text)
  if pattern == nil or #pattern == 0 then
    report("bad-layout", text)
    return in_columns(cells, 1)
  end
  if type(pattern[1]) ~= "table" then
    pattern = pandoc.List({ pattern })
  end
  local rows, next_cell, line = pandoc.List({}), 1, 1
  while next_cell <= #cells do
    local row = pandoc.List({})
    for _, width in ipairs(numbers(pattern[math.min(line, #pattern)])) do
      if width < 0 then
        local spacer = pandoc.Div({ pandoc.Para(" ") }, { class = "quarto-figure-spacer" })
        row:insert({ cell = spacer, width = -width })
      elseif cells[next_cell] then
        row:insert({ cell = cells[next_cell], width = width })
        next_cell = next_cell + 1
      end
    end
    rows:insert(row)
    line = line + 1
  end
  return rows
end

local function arrange(div, cells)
  local columns = tonumber(elements.take(div, "layout-ncol"))
  local lines = tonumber(elements.take(div, "layout-nrow"))
  local pattern = elements.take(div, "layout")
  if not columns and lines then
    columns = math.ceil(#cells / lines)
  end
  if pattern and not columns then
    return in_pattern(cells, pattern)
  end
  return in_columns(cells, math.max(columns or 1, 1))
end

local function align_of(cell, given)
  if given then
    return given
  end
  return (image_of(cell) or has_table(cell)) and "center" or "left"
end

local function style(cell, width, align)
  cell.classes:insert("quarto-layout-cell")
  local shown = percent(width)
  shown = shown:find("%.") and shown or shown .. ".0"
  local justify = ALIGN[align_of(cell, align)] or ALIGN.left
  cell.attributes.style = "flex-basis: " .. shown .. "%;justify-content: " .. justify .. ";"
  return cell
end

local function mark_parts(cell, parent)
  if has_float(cell) then
    cell.classes:insert("quarto-layout-cell-subref")
    cell.attributes["ref-parent"] = parent
  end
end

local function draw_rows(div, rows)
  local align = elements.take(div, "layout-align")
  local valign = elements.take(div, "layout-valign")
  return rows:map(function(row)
    local content = row:map(function(item)
      if div.attributes["x-float"] then
        mark_parts(item.cell, div.identifier)
      end
      return style(item.cell, item.width, align)
    end)
    local classes = { "quarto-layout-row" }
    if valign then
      table.insert(classes, "quarto-layout-valign-" .. valign)
    end
    return elements.div(classes, content)
  end)
end

local function panel(div)
  local given = div.attributes
  if not (given["layout"] or given["layout-ncol"] or given["layout-nrow"]) then
    return nil
  end
  local caption = given["x-float"] and div.content:remove(1) or nil
  local before, cells = split(div.content)
  local content = pandoc.Blocks(draw_rows(div, arrange(div, cells)))
  if caption then
    content:insert(1, caption)
    div.attributes["x-panel"] = "true"
  else
    div.classes:insert("quarto-layout-panel")
  end
  div.content = content
  before:insert(div)
  return before
end

return function(doc)
  return doc:walk({ Div = panel })
end
