-- What can be referred to on this page: the number of each label.

local report = require("report")

local labels = {}
local entries = {}

function labels.add(label, number, parent)
  if entries[label] then
    report("duplicate-label", label)
  end
  entries[label] = { number = number, parent = parent }
  report("label", label)
end

function labels.find(label)
  return entries[label]
end

return labels
