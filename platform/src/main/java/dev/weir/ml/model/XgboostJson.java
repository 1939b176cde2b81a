package dev.weir.ml.model;

import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads XGBoost's JSON model (as {@code Booster.toByteArray("json")} of XGBoost 3 gives it) into
 * trees, in one pass, without building a document tree.
 */
public final class XgboostJson {
    private final JsonParser parser;
    private final List<TreeEnsemble.Tree> trees = new ArrayList<>();
    private String booster = "";
    private String objective = "";
    private String baseScore = "";
    private int features;
    private int classes;
    private int targets = 1;
    private int[] treeClasses = {};

    private XgboostJson(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * The trees of a model.
     *
     * @throws ProblemException (INPUT) for what is not such a model, or one that is no sum of
     *     single-target numeric trees with an identity, logistic or softmax link
     */
    public static TreeEnsemble read(byte[] json) {
        try (JsonParser parser = JsonMapper.shared().createParser(json)) {
            XgboostJson reader = new XgboostJson(parser);
            parser.nextToken();
            reader.object(
                    name -> {
                        if (name.equals("learner")) {
                            reader.object(reader::learner);
                        } else {
                            parser.skipChildren();
                        }
                    });
            return reader.ensemble();
        } catch (JacksonException | NumberFormatException e) {
            throw unreadable(String.valueOf(e.getMessage())).exception(e);
        }
    }

    private TreeEnsemble ensemble() {
        Link link =
                switch (objective) {
                    case "binary:logistic" -> Link.LOGISTIC;
                    case "multi:softprob" -> Link.SOFTMAX;
                    case "reg:squarederror", "reg:absoluteerror" -> Link.IDENTITY;
                    default -> throw unreadable("objective '" + objective + "'").exception();
                };
        boolean many = link == Link.SOFTMAX;
        if (!booster.equals("gbtree") || many != classes > 1 || targets != 1) {
            throw unreadable(
                            "booster '"
                                    + booster
                                    + "' with "
                                    + classes
                                    + " classes, "
                                    + targets
                                    + " targets")
                    .exception();
        }
        // base_score is a probability for a logistic link; in 3.1 and later it stands in brackets.
        float score = Float.parseFloat(baseScore.replace("[", "").replace("]", ""));
        boolean logistic = link == Link.LOGISTIC;
        float margin = logistic ? (float) -Math.log(1 / (double) score - 1) : score;
        return new TreeEnsemble(margin, link, features, many ? classes : 1, withTargets(many));
    }

    /** Trees know which sum they add to only once the whole model was read. */
    private List<TreeEnsemble.Tree> withTargets(boolean many) {
        if (!many) {
            return trees;
        }
        if (treeClasses.length != trees.size()) {
            throw unreadable(treeClasses.length + " classes of " + trees.size() + " trees")
                    .exception();
        }
        List<TreeEnsemble.Tree> targeted = new ArrayList<>();
        for (int t = 0; t < treeClasses.length; t++) {
            TreeEnsemble.Tree tree = trees.get(t);
            targeted.add(
                    new TreeEnsemble.Tree(
                            tree.left(),
                            tree.right(),
                            tree.feature(),
                            tree.value(),
                            tree.missingLeft(),
                            treeClasses[t]));
        }
        return targeted;
    }

    private void learner(String name) {
        switch (name) {
            case "gradient_booster" -> object(this::booster);
            case "learner_model_param" -> object(this::modelParameter);
            case "objective" ->
                    object(
                            key -> {
                                if (key.equals("name")) {
                                    objective = parser.getString();
                                } else {
                                    parser.skipChildren();
                                }
                            });
            default -> parser.skipChildren();
        }
    }

    private void booster(String name) {
        switch (name) {
            case "name" -> booster = parser.getString();
            case "model" ->
                    object(
                            key -> {
                                if (key.equals("trees")) {
                                    expect(JsonToken.START_ARRAY);
                                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                                        trees.add(new TreeReader().read());
                                    }
                                } else if (key.equals("tree_info")) {
                                    treeClasses = ints();
                                } else {
                                    parser.skipChildren();
                                }
                            });
            default -> parser.skipChildren();
        }
    }

    private void modelParameter(String name) {
        switch (name) {
            case "base_score" -> baseScore = parser.getString();
            case "num_feature" -> features = Integer.parseInt(parser.getString());
            case "num_class" -> classes = Integer.parseInt(parser.getString());
            case "num_target" -> targets = Integer.parseInt(parser.getString());
            default -> parser.skipChildren();
        }
    }

    private int[] ints() {
        expect(JsonToken.START_ARRAY);
        int[] values = new int[128];
        int n = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (n == values.length) {
                values = Arrays.copyOf(values, 2 * n);
            }
            values[n++] = parser.getIntValue();
        }
        return Arrays.copyOf(values, n);
    }

    /** Takes the value of one property; the parser stands on its first token. */
    private interface Property {
        void take(String name);
    }

    private void object(Property property) {
        expect(JsonToken.START_OBJECT);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            property.take(name);
        }
    }

    private void expect(JsonToken token) {
        if (parser.currentToken() != token) {
            throw unreadable(parser.currentToken() + " (expected: " + token + ")").exception();
        }
    }

    private static Problem unreadable(String detail) {
        return Problem.input("model.xgboost", "XGBoost model: cannot read " + detail);
    }

    /** Reads the object of one tree. */
    private final class TreeReader {
        private int[] left = {};
        private int[] right = {};
        private int[] feature = {};
        private int[] missingLeft = {};
        private float[] value = {};

        TreeEnsemble.Tree read() {
            object(
                    name -> {
                        switch (name) {
                            case "left_children" -> left = ints();
                            case "right_children" -> right = ints();
                            case "split_indices" -> feature = ints();
                            case "default_left" -> missingLeft = ints();
                            case "split_conditions" -> value = floats();
                            case "categories" -> noCategories();
                            default -> parser.skipChildren();
                        }
                    });
            int nodes = left.length;
            if (nodes == 0
                    || right.length != nodes
                    || feature.length != nodes
                    || missingLeft.length != nodes
                    || value.length != nodes) {
                throw unreadable("tree " + trees.size() + ": its arrays differ in length")
                        .exception();
            }
            boolean[] goesLeft = new boolean[nodes];
            for (int i = 0; i < nodes; i++) {
                goesLeft[i] = missingLeft[i] != 0;
            }
            return new TreeEnsemble.Tree(left, right, feature, value, goesLeft, 0);
        }

        private void noCategories() {
            if (ints().length > 0) {
                throw unreadable("tree " + trees.size() + ": it splits by sets of categories")
                        .exception();
            }
        }

        /** Parsed as 32-bit floats at once: by way of a double they could be rounded twice. */
        private float[] floats() {
            expect(JsonToken.START_ARRAY);
            float[] values = new float[128];
            int n = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (n == values.length) {
                    values = Arrays.copyOf(values, 2 * n);
                }
                values[n++] = Float.parseFloat(parser.getString());
            }
            return Arrays.copyOf(values, n);
        }
    }
}
