WITH "field" AS (
  SELECT
    "penguin",
    CAST("island" AS TEXT) AS "field_1",
    NULLIF(CAST("bill_length_mm" AS DOUBLE), CAST('NaN' AS DOUBLE)) AS "field_2",
    NULLIF(CAST("bill_depth_mm" AS DOUBLE), CAST('NaN' AS DOUBLE)) AS "field_3",
    NULLIF(CAST("flipper_length_mm" AS DOUBLE), CAST('NaN' AS DOUBLE)) AS "field_4",
    NULLIF(CAST("body_mass_g" AS DOUBLE), CAST('NaN' AS DOUBLE)) AS "field_5",
    CAST("sex" AS TEXT) AS "field_6"
  FROM "input"
),
"onehotencoder" AS (
  SELECT
    "penguin",
    "field_1",
    "field_2",
    "field_3",
    "field_4",
    "field_5",
    "field_6",
    CASE WHEN ABS("field_2") > 1.7976931348623157e+308 THEN 1.0e0 WHEN ABS("field_3") > 1.7976931348623157e+308 THEN 1.0e0 ELSE 0.0e0 END AS "onehotencoder_refused",
    COALESCE("field_1", 'Biscoe') AS "onehotencoder_1",
    COALESCE("field_6", 'male') AS "onehotencoder_2"
  FROM "field"
),
"columns" AS (
  SELECT
    "penguin",
    "onehotencoder_refused",
    (COALESCE("field_2", 43.9219298245614e0) - 43.9219298245614e0) / 5.4515960231618195e0 AS "columns_1",
    (COALESCE("field_3", 17.151169590643278e0) - 17.151169590643278e0) / 1.9719039187562526e0 AS "columns_2",
    (COALESCE("field_4", 200.91520467836258e0) - 200.91520467836258e0) / 14.041140568589102e0 AS "columns_3",
    (COALESCE("field_5", 4201.754385964912e0) - 4201.754385964912e0) / 800.7812292384522e0 AS "columns_4",
    CASE WHEN "onehotencoder_1" = 'Biscoe' THEN 1.0e0 ELSE 0.0e0 END AS "columns_5",
    CASE WHEN "onehotencoder_1" = 'Dream' THEN 1.0e0 ELSE 0.0e0 END AS "columns_6",
    CASE WHEN "onehotencoder_1" = 'Torgersen' THEN 1.0e0 ELSE 0.0e0 END AS "columns_7",
    CASE WHEN "onehotencoder_2" = 'female' THEN 1.0e0 ELSE 0.0e0 END AS "columns_8",
    CASE WHEN "onehotencoder_2" = 'male' THEN 1.0e0 ELSE 0.0e0 END AS "columns_9"
  FROM "onehotencoder"
),
"model_sum" AS (
  SELECT
    "penguin",
    "onehotencoder_refused",
    "columns_1" * -4.137580634795062e0 + "columns_2" * 2.1921693078066475e0 + "columns_3" * -1.0779524951429384e0 + "columns_4" * 0.13858433829173858e0 + "columns_5" * 0.2269492167731917e0 + "columns_6" * -0.8860548689037371e0 + "columns_7" * 1.0039302396752705e0 + "columns_8" * -0.7502819081843198e0 + "columns_9" * 1.0951064957290455e0 + 0.6140084942116333e0 AS "model_sum_1",
    "columns_1" * 3.4623963945328557e0 + "columns_2" * -0.15901196045084542e0 + "columns_3" * -0.39286784053053037e0 + "columns_4" * -1.610208463725462e0 + "columns_5" * -1.231000968046399e0 + "columns_6" * 1.6664556990381112e0 + "columns_7" * -0.6960098757540616e0 + "columns_8" * 0.5593112925935588e0 + "columns_9" * -0.8198664373559107e0 + -0.4428706108432486e0 AS "model_sum_2",
    "columns_1" * 0.6751842402622064e0 + "columns_2" * -2.0331573473557967e0 + "columns_3" * 1.4708203356734624e0 + "columns_4" * 1.471624125433704e0 + "columns_5" * 1.0040517512732015e0 + "columns_6" * -0.7804008301343608e0 + "columns_7" * -0.3079203639212111e0 + "columns_8" * 0.19097061559076614e0 + "columns_9" * -0.2752400583731367e0 + -0.1711378833683811e0 AS "model_sum_3"
  FROM "columns"
),
"model_softmax_top" AS (
  SELECT
    "penguin",
    "model_sum_1",
    "model_sum_2",
    "model_sum_3",
    "onehotencoder_refused",
    CASE WHEN "model_sum_1" IS NULL OR "model_sum_2" IS NULL OR "model_sum_3" IS NULL THEN NULL ELSE GREATEST("model_sum_1", "model_sum_2", "model_sum_3") END AS "model_softmax_top_1"
  FROM "model_sum"
),
"model_softmax_exp" AS (
  SELECT
    "penguin",
    "model_sum_1",
    "model_sum_2",
    "model_sum_3",
    "onehotencoder_refused",
    CASE WHEN ("model_sum_1") - ("model_softmax_top_1") < -700.0e0 THEN 0.0e0 ELSE EXP(("model_sum_1") - ("model_softmax_top_1")) END AS "model_softmax_exp_1",
    CASE WHEN ("model_sum_2") - ("model_softmax_top_1") < -700.0e0 THEN 0.0e0 ELSE EXP(("model_sum_2") - ("model_softmax_top_1")) END AS "model_softmax_exp_2",
    CASE WHEN ("model_sum_3") - ("model_softmax_top_1") < -700.0e0 THEN 0.0e0 ELSE EXP(("model_sum_3") - ("model_softmax_top_1")) END AS "model_softmax_exp_3"
  FROM "model_softmax_top"
),
"model_softmax_sum" AS (
  SELECT
    "penguin",
    "model_sum_1",
    "model_sum_2",
    "model_sum_3",
    "model_softmax_exp_1",
    "model_softmax_exp_2",
    "model_softmax_exp_3",
    "onehotencoder_refused",
    "model_softmax_exp_1" + "model_softmax_exp_2" + "model_softmax_exp_3" AS "model_softmax_sum_1"
  FROM "model_softmax_exp"
),
"score" AS (
  SELECT
    "penguin",
    "onehotencoder_refused",
    ("model_softmax_exp_1") / ("model_softmax_sum_1") AS "score_1",
    ("model_softmax_exp_2") / ("model_softmax_sum_1") AS "score_2",
    ("model_softmax_exp_3") / ("model_softmax_sum_1") AS "score_3"
  FROM "model_softmax_sum"
)
SELECT
  "penguin",
  CASE WHEN "onehotencoder_refused" = 0.0e0 THEN CASE WHEN "score_1" IS NULL OR "score_2" IS NULL OR "score_3" IS NULL THEN NULL WHEN "score_1" >= "score_2" AND "score_1" >= "score_3" THEN 'Adelie' WHEN "score_2" >= "score_3" THEN 'Chinstrap' ELSE 'Gentoo' END END AS "prediction",
  CASE WHEN "onehotencoder_refused" = 0.0e0 THEN "score_1" END AS "probability_Adelie",
  CASE WHEN "onehotencoder_refused" = 0.0e0 THEN "score_2" END AS "probability_Chinstrap",
  CASE WHEN "onehotencoder_refused" = 0.0e0 THEN "score_3" END AS "probability_Gentoo"
FROM "score"
