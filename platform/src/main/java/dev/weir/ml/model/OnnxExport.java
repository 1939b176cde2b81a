package dev.weir.ml.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns a tree ensemble and its signature into one ONNX graph that takes the columns of the table
 * as they are:
 *
 * <pre>
 * numbers    [N,1] double each → Concat → Cast to float ─┐
 * categories [N,1] string each → LabelEncoder to float  ─┴→ Concat [N,F] → TreeEnsembleRegressor (→ Sigmoid) → output
 * </pre>
 *
 * The columns of the matrix are the inputs in their order, numbers first. Equal trees give equal
 * bytes.
 */
public final class OnnxExport {
    private OnnxExport() {}

    /**
     * The ONNX file.
     *
     * @param signature its inputs are the ensemble's features, in order, numbers before categories
     */
    public static byte[] bytes(TreeEnsemble ensemble, Signature signature) {
        List<Input> inputs = signature.inputs();
        if (inputs.size() != ensemble.features()) {
            throw new IllegalArgumentException(
                    "inputs: "
                            + inputs.size()
                            + " (expected: "
                            + ensemble.features()
                            + ", as the trees have)");
        }
        OnnxGraph graph = new OnnxGraph();
        String matrix = matrix(graph, signature);
        String output = signature.output();
        String sum = ensemble.logistic() ? inner("margin", signature) : output;
        graph.mlNode("TreeEnsembleRegressor", List.of(matrix), sum, trees(ensemble));
        if (ensemble.logistic()) {
            graph.node("Sigmoid", List.of(sum), output, new OnnxGraph.Attributes());
        }
        graph.output(output, OnnxGraph.FLOAT);
        return graph.model();
    }

    /** Declares the inputs, and joins them to [N, F] floats; the name of that tensor. */
    private static String matrix(OnnxGraph graph, Signature signature) {
        List<String> numbers = new ArrayList<>();
        List<String> parts = new ArrayList<>();
        List<Input.Category> categories = new ArrayList<>();
        for (Input input : signature.inputs()) {
            switch (input) {
                case Input.Number number -> {
                    if (!categories.isEmpty()) {
                        throw new IllegalArgumentException(
                                "input " + number.name() + ": a number after a category");
                    }
                    graph.input(number.name(), OnnxGraph.DOUBLE);
                    numbers.add(number.name());
                }
                case Input.Category category -> {
                    graph.input(category.name(), OnnxGraph.STRING);
                    categories.add(category);
                }
            }
        }
        if (!numbers.isEmpty()) {
            String joined = inner("numbers", signature);
            String floats = inner("floats", signature);
            graph.node("Concat", numbers, joined, new OnnxGraph.Attributes().number("axis", 1));
            graph.node(
                    "Cast",
                    List.of(joined),
                    floats,
                    new OnnxGraph.Attributes().number("to", OnnxGraph.FLOAT));
            parts.add(floats);
        }
        for (int i = 0; i < categories.size(); i++) {
            String code = inner("code" + i, signature);
            graph.mlNode(
                    "LabelEncoder",
                    List.of(categories.get(i).name()),
                    code,
                    codes(categories.get(i).categories()));
            parts.add(code);
        }
        String matrix = inner("matrix", signature);
        graph.node("Concat", parts, matrix, new OnnxGraph.Attributes().number("axis", 1));
        return matrix;
    }

    private static OnnxGraph.Attributes codes(List<String> categories) {
        float[] codes = new float[categories.size()];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = i;
        }
        return new OnnxGraph.Attributes()
                .number("default_float", Float.NaN)
                .texts("keys_strings", categories)
                .numbers("values_floats", codes);
    }

    /** The name of a tensor inside the graph: one that no input and not the output has. */
    private static String inner(String name, Signature signature) {
        String free = Signature.free("weir/" + name, signature.inputs());
        return free.equals(signature.output()) ? free + "/" : free;
    }

    private static OnnxGraph.Attributes trees(TreeEnsemble ensemble) {
        int nodes = ensemble.nodes();
        int leaves = 0;
        for (TreeEnsemble.Tree tree : ensemble.trees()) {
            for (int left : tree.left()) {
                leaves += left < 0 ? 1 : 0;
            }
        }
        long[] treeIds = new long[nodes];
        long[] nodeIds = new long[nodes];
        long[] features = new long[nodes];
        float[] thresholds = new float[nodes];
        boolean[] inner = new boolean[nodes];
        long[] whenTrue = new long[nodes];
        long[] whenFalse = new long[nodes];
        long[] missingTrue = new long[nodes];
        long[] leafTrees = new long[leaves];
        long[] leafNodes = new long[leaves];
        float[] weights = new float[leaves];
        int at = 0;
        int leaf = 0;
        for (int t = 0; t < ensemble.trees().size(); t++) {
            TreeEnsemble.Tree tree = ensemble.trees().get(t);
            for (int n = 0; n < tree.left().length; n++, at++) {
                treeIds[at] = t;
                nodeIds[at] = n;
                inner[at] = tree.left()[n] >= 0;
                if (inner[at]) {
                    features[at] = tree.feature()[n];
                    thresholds[at] = tree.value()[n];
                    whenTrue[at] = tree.left()[n];
                    whenFalse[at] = tree.right()[n];
                    missingTrue[at] = tree.missingLeft()[n] ? 1 : 0;
                } else {
                    leafTrees[leaf] = t;
                    leafNodes[leaf] = n;
                    weights[leaf++] = tree.value()[n];
                }
            }
        }
        return new OnnxGraph.Attributes()
                .text("aggregate_function", "SUM")
                .numbers("base_values", new float[] {ensemble.baseMargin()})
                .number("n_targets", 1)
                .numbers("nodes_falsenodeids", whenFalse)
                .numbers("nodes_featureids", features)
                .numbers("nodes_missing_value_tracks_true", missingTrue)
                .choices("nodes_modes", inner, "BRANCH_LT", "LEAF")
                .numbers("nodes_nodeids", nodeIds)
                .numbers("nodes_treeids", treeIds)
                .numbers("nodes_truenodeids", whenTrue)
                .numbers("nodes_values", thresholds)
                .text("post_transform", "NONE")
                .numbers("target_ids", new long[leaves])
                .numbers("target_nodeids", leafNodes)
                .numbers("target_treeids", leafTrees)
                .numbers("target_weights", weights);
    }
}
