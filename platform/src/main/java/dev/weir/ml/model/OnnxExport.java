package dev.weir.ml.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Turns a model and its signature into one ONNX graph that takes the columns of the table as they
 * are. Of trees:
 *
 * <pre>
 * numbers    [N,1] double each → Concat → Cast to float ─┐
 * moments    [N,1] double each → their parts, as floats ─┤
 * categories [N,1] string each → LabelEncoder to float  ─┴→ Concat [N,F] → TreeEnsembleRegressor → link → output
 * </pre>
 *
 * Of a linear model, with K sums:
 *
 * <pre>
 * numbers, moments → Concat [N,P] → less mean, times scale, 0 where missing → MatMul [P,K] ─┐
 * categories → LabelEncoder to their place → Gather of a table [places,K]                  ─┤
 * texts → StringNormalizer → Tokenizer → TfIdfVectorizer → LpNormalization → MatMul [V,K]  ─┴→ Add → link → output
 * </pre>
 *
 * Numbers pass as 32-bit floats, as training sees them. Equal models give equal bytes.
 */
public final class OnnxExport {
    private OnnxExport() {}

    /**
     * The ONNX file of trees.
     *
     * @param signature its inputs are the ensemble's features, in order: numbers, moments (each
     *     part is a feature) and categories
     */
    public static byte[] bytes(TreeEnsemble ensemble, Signature signature) {
        if (signature.matrixWidth() != ensemble.features()) {
            throw new IllegalArgumentException(
                    "inputs: "
                            + signature.matrixWidth()
                            + " (expected: "
                            + ensemble.features()
                            + ", as the trees have)");
        }
        OnnxGraph graph = new OnnxGraph();
        InputNodes inputs = new InputNodes(graph, signature);
        List<String> parts = new ArrayList<>(inputs.floats());
        List<String> moments = inputs.parts();
        if (!moments.isEmpty()) {
            parts.add(inputs.cast(inputs.concat(moments, "moments"), OnnxGraph.FLOAT, "parts"));
        }
        for (Input.Category category : inputs.all(Input.Category.class)) {
            parts.add(inputs.code(category, "code" + parts.size()));
        }
        String matrix = inputs.concat(parts, "matrix");
        boolean linked = ensemble.link() != Link.IDENTITY;
        String sum = linked ? inputs.inner("margin") : signature.output();
        graph.mlNode("TreeEnsembleRegressor", List.of(matrix), sum, trees(ensemble));
        if (linked) {
            link(graph, ensemble.link(), sum, signature.output());
        }
        graph.output(signature.output(), OnnxGraph.FLOAT, signature.width());
        return graph.model();
    }

    /** The ONNX file of a linear model. */
    public static byte[] bytes(LinearModel model, Signature signature) {
        int width = signature.width();
        OnnxGraph graph = new OnnxGraph();
        InputNodes inputs = new InputNodes(graph, signature);
        String sum = inputs.inner("intercept");
        graph.constant(sum, model.intercept(), 1, width);
        List<String> numbers = new ArrayList<>();
        for (String floats : inputs.floats()) {
            numbers.add(inputs.cast(floats, OnnxGraph.DOUBLE, "doubles"));
        }
        numbers.addAll(inputs.parts());
        if (!numbers.isEmpty()) {
            sum = inputs.node("Add", sum, weighed(graph, inputs, numbers, model, width));
        }
        List<Input.Category> categories = inputs.all(Input.Category.class);
        String one = inputs.inner("one");
        if (!categories.isEmpty()) {
            graph.constant(one, new long[] {1}, 1);
        }
        for (int c = 0; c < categories.size(); c++) {
            String table = inputs.inner("category" + c);
            graph.constant(
                    table, model.categories().get(c), categories.get(c).places() + 1L, width);
            String place = inputs.place(categories.get(c), "place" + c);
            String rows = inputs.node("Squeeze", inputs.node("Gather", table, place), one);
            sum = inputs.node("Add", sum, rows);
        }
        List<Input.Text> texts = inputs.all(Input.Text.class);
        for (int t = 0; t < texts.size(); t++) {
            LinearModel.Ngrams ngrams = model.texts().get(t);
            String table = inputs.inner("words" + t);
            graph.constant(table, ngrams.weights(), ngrams.known().size(), width);
            String shares = inputs.shares(texts.get(t), ngrams, "text" + t);
            String told = inputs.node("MatMul", shares, table);
            sum = inputs.node("Add", sum, inputs.cast(told, OnnxGraph.DOUBLE, "told" + t));
        }
        if (model.link() != Link.IDENTITY) {
            String linked = inputs.inner("linked");
            link(graph, model.link(), sum, linked);
            sum = linked;
        }
        graph.node(
                "Cast",
                List.of(sum),
                signature.output(),
                new OnnxGraph.Attributes().number("to", OnnxGraph.FLOAT));
        graph.output(signature.output(), OnnxGraph.FLOAT, width);
        return graph.model();
    }

    private static String weighed(
            OnnxGraph graph,
            InputNodes inputs,
            List<String> numbers,
            LinearModel model,
            int width) {
        int columns = model.mean().length;
        String mean = inputs.inner("mean");
        String scale = inputs.inner("scale");
        String weights = inputs.inner("weights");
        graph.constant(mean, model.mean(), 1, columns);
        graph.constant(scale, model.scale(), 1, columns);
        graph.constant(weights, model.weights(), columns, width);
        String joined = inputs.concat(numbers, "columns");
        String standard = inputs.node("Mul", inputs.node("Sub", joined, mean), scale);
        String imputed =
                inputs.node("Where", inputs.node("IsNaN", standard), inputs.number(0), standard);
        return inputs.node("MatMul", imputed, weights);
    }

    private static void link(OnnxGraph graph, Link link, String sum, String output) {
        switch (link) {
            case IDENTITY -> throw new IllegalArgumentException("link: none to write");
            case LOGISTIC ->
                    graph.node("Sigmoid", List.of(sum), output, new OnnxGraph.Attributes());
            case SOFTMAX ->
                    graph.node(
                            "Softmax",
                            List.of(sum),
                            output,
                            new OnnxGraph.Attributes().number("axis", 1));
        }
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
        long[] leafTargets = new long[leaves];
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
                    leafTargets[leaf] = tree.target();
                    leafTrees[leaf] = t;
                    leafNodes[leaf] = n;
                    weights[leaf++] = tree.value()[n];
                }
            }
        }
        float[] base = new float[ensemble.targets()];
        Arrays.fill(base, ensemble.baseMargin());
        return new OnnxGraph.Attributes()
                .text("aggregate_function", "SUM")
                .numbers("base_values", base)
                .number("n_targets", ensemble.targets())
                .numbers("nodes_falsenodeids", whenFalse)
                .numbers("nodes_featureids", features)
                .numbers("nodes_missing_value_tracks_true", missingTrue)
                .choices("nodes_modes", inner, "BRANCH_LT", "LEAF")
                .numbers("nodes_nodeids", nodeIds)
                .numbers("nodes_treeids", treeIds)
                .numbers("nodes_truenodeids", whenTrue)
                .numbers("nodes_values", thresholds)
                .text("post_transform", "NONE")
                .numbers("target_ids", leafTargets)
                .numbers("target_nodeids", leafNodes)
                .numbers("target_treeids", leafTrees)
                .numbers("target_weights", weights);
    }
}
