# Computes the sheet; README.md says how it is used.
BEGIN {
  FS = OFS = ","
  # USD per million tokens, as the list of models.dev of 2026-07-02 has them
  input["anthropic/claude-haiku-4-5"] = 1;  output["anthropic/claude-haiku-4-5"] = 5
  input["anthropic/claude-sonnet-5"] = 2;   output["anthropic/claude-sonnet-5"] = 10
  input["anthropic/claude-opus-4-8"] = 5;   output["anthropic/claude-opus-4-8"] = 25
  baseline = "anthropic/claude-opus-4-8"
  if (what == "tasks") print "id,caller,job,team,category,model,input,output,input_rate,output_rate,cost_nanos,baseline_nanos"
  if (what == "sums") print "by,key,requests,input,output,cost_nanos,saved_nanos"
}
NR == 1 { next }
{
  cost = 1000 * ($7 * input[$6] + $8 * output[$6])
  base = 1000 * ($7 * input[baseline] + $8 * output[baseline])
}
what == "tasks" { print $1, $2, $3, $4, $5, $6, $7, $8, input[$6], output[$6], sprintf("%d", cost), sprintf("%d", base) }
what == "sums" {
  add("total", "total"); add("category", $5); add("model", $6); add("caller", $2); add("key", "(none)")
  if ($3 != "") add("tag", "job=" $3)
  if ($4 != "") add("tag", "team=" $4)
}
function add(by, key,   at) {
  at = by "," key
  if (!(at in count)) order[++rows] = at
  count[at]++; tokensIn[at] += $7; tokensOut[at] += $8; costs[at] += cost; saved[at] += base - cost
}
END { for (i = 1; i <= rows; i++) { at = order[i]; printf "%s,%d,%d,%d,%d,%d\n", at, count[at], tokensIn[at], tokensOut[at], costs[at], saved[at] } }
