package dev.weir.ml.model;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;

import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model opened with ONNX Runtime in this process. Safe for use by many threads; {@link #close} it
 * when no call is on its way. A call scores on the caller's thread alone: with threads of its own
 * ONNX Runtime adds the trees up in another order, and the last bits of a score would depend on the
 * machine. So a row has one score, alone or in a batch: of trees to the bit, of a linear model but
 * for the last bits, as products of matrices are added up in another order.
 */
public final class OnnxScorer implements Scorer {
    /**
     * Rows that go through the graph at once: enough to spread the cost of a call, few enough for
     * the cache.
     */
    private static final int BLOCK = 2048;

    /** The same of a model that reads words, of which it makes wide rows. */
    private static final int BLOCK_OF_TEXTS = 256;

    private final Signature signature;
    private final OrtEnvironment environment;
    private final OrtSession session;

    /** By the place of the input; null where it is no category. */
    private final List<@Nullable CategoryTensors> categories = new ArrayList<>();

    private OnnxScorer(Signature signature, OrtEnvironment environment, OrtSession session) {
        this.signature = signature;
        this.environment = environment;
        this.session = session;
        for (Input input : signature.inputs()) {
            categories.add(
                    input instanceof Input.Category category
                            ? new CategoryTensors(category, environment)
                            : null);
        }
    }

    /**
     * Opens a model.
     *
     * @throws ProblemException (INPUT) where the bytes are no model that ONNX Runtime takes, or do
     *     not have the inputs and the output that the signature promises
     */
    public static OnnxScorer open(ModelFolder.Onnx model) {
        OnnxFile.check(model.onnx());
        OrtEnvironment environment =
                OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        OrtSession session = session(environment, model.onnx());
        OnnxScorer scorer = new OnnxScorer(model.signature(), environment, session);
        try {
            scorer.checkAgainstSignature();
            return scorer;
        } catch (OrtException e) {
            scorer.close();
            throw unreadable(e);
        } catch (ProblemException e) {
            scorer.close();
            throw e;
        }
    }

    /**
     * A signature whose output is the graph's: its only output of floats of the right width, where
     * none is called as the signature has it.
     *
     * @throws ProblemException (INPUT) where the bytes are no model that ONNX Runtime takes
     */
    public static Signature fitted(Signature signature, byte[] onnx) {
        OnnxFile.check(onnx);
        OrtEnvironment environment =
                OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        try (OrtSession session = session(environment, onnx)) {
            Map<String, NodeInfo> outputs = session.getOutputInfo();
            List<String> fitting =
                    outputs.entrySet().stream()
                            .filter(each -> gives(each.getValue(), signature.width()))
                            .map(Map.Entry::getKey)
                            .toList();
            return outputs.containsKey(signature.output()) || fitting.size() != 1
                    ? signature
                    : signature.giving(fitting.getFirst());
        } catch (OrtException e) {
            throw unreadable(e);
        }
    }

    private static boolean gives(NodeInfo node, int width) {
        if (!(node.getInfo() instanceof TensorInfo tensor) || tensor.type != OnnxJavaType.FLOAT) {
            return false;
        }
        long[] shape = tensor.getShape();
        return shape.length == 2 && (shape[1] == width || shape[1] < 0);
    }

    private static OrtSession session(OrtEnvironment environment, byte[] onnx) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            environment.setTelemetry(false);
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            return environment.createSession(onnx, options);
        } catch (OrtException e) {
            throw unreadable(e);
        }
    }

    private static ProblemException unreadable(OrtException e) {
        return Problem.input(
                        "model.unreadable", "ONNX Runtime refuses the model: " + e.getMessage())
                .exception(e);
    }

    private void checkAgainstSignature() throws OrtException {
        Map<String, NodeInfo> inputs = session.getInputInfo();
        List<Problem> problems = new ArrayList<>();
        for (Input input : signature.inputs()) {
            OnnxJavaType expected =
                    switch (input) {
                        case Input.Number _, Input.Moment _ -> OnnxJavaType.DOUBLE;
                        case Input.Category _, Input.Text _ -> OnnxJavaType.STRING;
                    };
            tensor(inputs.get(input.name()), "input '" + input.name() + "'", expected, problems);
        }
        tensor(
                session.getOutputInfo().get(signature.output()),
                "output '" + signature.output() + "'",
                OnnxJavaType.FLOAT,
                problems);
        NodeInfo given = session.getOutputInfo().get(signature.output());
        if (problems.isEmpty() && given != null && !gives(given, signature.width())) {
            problems.add(
                    mismatch(
                            "output '%s': %s (expected: shape [-1, %d])"
                                    .formatted(
                                            signature.output(),
                                            given.getInfo(),
                                            signature.width())));
        }
        if (inputs.size() > signature.inputs().size()) {
            problems.add(
                    mismatch(
                            inputs.size()
                                    + " inputs (expected: "
                                    + signature.inputs().size()
                                    + ")"));
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
    }

    private static void tensor(
            @Nullable NodeInfo node, String what, OnnxJavaType expected, List<Problem> problems) {
        if (node == null) {
            problems.add(mismatch("no " + what + " (expected: as the signature says)"));
        } else if (!(node.getInfo() instanceof TensorInfo tensor) || tensor.type != expected) {
            problems.add(
                    mismatch(
                            what
                                    + ": "
                                    + node.getInfo()
                                    + " (expected: a tensor of "
                                    + expected
                                    + ")"));
        }
    }

    private static Problem mismatch(String message) {
        return Problem.input("model.signature", "model: " + message);
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public float[] score(Columns columns) {
        List<Columns.Column> feeds = columns.feeds(signature);
        return score(
                columns.rows(),
                new Source() {
                    @Override
                    public void numbers(int input, int from, DoubleBuffer into) {
                        double[] values = ((Columns.Numbers) feeds.get(input)).values();
                        into.put(values, from, into.remaining());
                    }

                    @Override
                    public void texts(int input, int from, String[] into) {
                        @Nullable String[] values = ((Columns.Texts) feeds.get(input)).values();
                        for (int i = 0; i < into.length; i++) {
                            String value = values[from + i];
                            into[i] = text(input, value);
                        }
                    }
                });
    }

    /**
     * Scores rows that are a matrix already, as a trainer has them: the same scores as of the
     * columns that it was made from.
     *
     * @param matrix rows x inputs, row by row: a number as it is, a category as its place in the
     *     signature's list; NaN is missing
     * @return as of the other method
     * @throws IllegalArgumentException where the signature is not {@link Signature#plain}: then a
     *     matrix does not say what the columns were
     */
    public float[] score(float[] matrix) {
        if (!signature.plain()) {
            throw new IllegalArgumentException("the model takes more than numbers and categories");
        }
        int width = signature.inputs().size();
        if (matrix.length % width != 0) {
            throw new IllegalArgumentException(
                    "matrix: " + matrix.length + " values (expected: a multiple of " + width + ")");
        }
        return score(
                matrix.length / width,
                new Source() {
                    @Override
                    public void numbers(int input, int from, DoubleBuffer into) {
                        for (int at = from * width + input; into.hasRemaining(); at += width) {
                            into.put(matrix[at]);
                        }
                    }

                    @Override
                    public void texts(int input, int from, String[] into) {
                        List<String> categories =
                                ((Input.Category) signature.inputs().get(input)).categories();
                        for (int i = 0; i < into.length; i++) {
                            float code = matrix[(from + i) * width + input];
                            into[i] = Float.isNaN(code) ? "" : categories.get((int) code);
                        }
                    }
                });
    }

    private String text(int input, @Nullable String value) {
        return text(signature.inputs().get(input), value);
    }

    /** No word has a character that the binding would garble; a category may, and knows it. */
    private static String text(Input input, @Nullable String value) {
        return value == null ? "" : input instanceof Input.Text ? JavaText.readable(value) : value;
    }

    /**
     * Where the values of a batch come from, block by block; inputs by their place in the
     * signature.
     */
    private interface Source {
        /** Fills what remains of {@code into} with the numbers of the rows from {@code from} on. */
        void numbers(int input, int from, DoubleBuffer into);

        /** Fills {@code into} with the texts of the rows from {@code from} on; "" is missing. */
        void texts(int input, int from, String[] into);
    }

    private float[] score(int rows, Source source) {
        float[] scores = new float[Math.multiplyExact(rows, signature.width())];
        try (Arena arena = Arena.ofConfined()) {
            boolean texts = signature.inputs().stream().anyMatch(Input.Text.class::isInstance);
            int block = Math.min(rows, texts ? BLOCK_OF_TEXTS : BLOCK);
            DoubleBuffer[] buffers = buffers(arena, block);
            for (int from = 0; from < rows; from += block) {
                block(source, buffers, from, Math.min(block, rows - from), scores);
            }
        } catch (OrtException e) {
            throw failed(e);
        }
        return scores;
    }

    private static ProblemException failed(OrtException e) {
        return Problem.step("model.scoring", "the model fails on these rows: " + e.getMessage())
                .exception(e);
    }

    /** Native memory for each number, used again for every block; none for text. */
    private DoubleBuffer[] buffers(Arena arena, int rows) {
        DoubleBuffer[] buffers = new DoubleBuffer[signature.inputs().size()];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] =
                    doubles(arena, signature.inputs().get(i).datatype().equals("FP64") ? rows : 0);
        }
        return buffers;
    }

    private static DoubleBuffer doubles(Arena arena, int rows) {
        return arena.allocate(ValueLayout.JAVA_DOUBLE, rows)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asDoubleBuffer();
    }

    private void block(Source source, DoubleBuffer[] buffers, int from, int rows, float[] scores)
            throws OrtException {
        long[] shape = {rows, 1};
        int expected = rows * signature.width();
        Map<String, OnnxTensor> tensors = HashMap.newHashMap(buffers.length);
        try {
            for (int i = 0; i < buffers.length; i++) {
                Input input = signature.inputs().get(i);
                tensors.put(
                        input.name(),
                        switch (input) {
                            case Input.Number _, Input.Moment _ -> {
                                DoubleBuffer buffer = buffers[i].clear().limit(rows);
                                source.numbers(i, from, buffer);
                                yield OnnxTensor.createTensor(environment, buffer.flip(), shape);
                            }
                            case Input.Category _, Input.Text _ -> {
                                String[] texts = new String[rows];
                                source.texts(i, from, texts);
                                yield OnnxTensor.createTensor(environment, texts, shape);
                            }
                        });
            }
            try (OrtSession.Result result = session.run(tensors, Set.of(signature.output()))) {
                FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
                if (values.remaining() != expected) {
                    throw Problem.step(
                                    "model.scoring",
                                    "the model gives "
                                            + values.remaining()
                                            + " numbers for "
                                            + rows
                                            + " rows (expected: "
                                            + expected
                                            + ")")
                            .exception();
                }
                values.get(scores, from * signature.width(), expected);
            }
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    /**
     * {@inheritDoc} Numbers and the result live in native memory that is used again, so that a call
     * allocates little.
     */
    @Override
    public SingleRow singleRow() {
        try {
            return new Row(signature, environment, session, categories);
        } catch (OrtException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        for (CategoryTensors tensors : categories) {
            if (tensors != null) {
                tensors.close();
            }
        }
        try {
            session.close();
        } catch (OrtException e) {
            throw failed(e);
        }
    }

    private static final class Row implements SingleRow {
        private static final long[] SHAPE = {1, 1};

        private final List<@Nullable CategoryTensors> categories;

        private final Signature signature;
        private final OrtEnvironment environment;
        private final OrtSession session;
        private final Arena arena = Arena.ofShared(); // by one thread at a time
        private final List<DoubleBuffer> numbers = new ArrayList<>();
        private final Map<String, OnnxTensor> inputs = new HashMap<>();
        private final FloatBuffer score;
        private final Map<String, OnnxTensor> outputs;

        private Row(
                Signature signature,
                OrtEnvironment environment,
                OrtSession session,
                List<@Nullable CategoryTensors> categories)
                throws OrtException {
            this.categories = categories;
            this.signature = signature;
            this.environment = environment;
            this.session = session;
            for (int i = 0; i < signature.inputs().size(); i++) {
                Input input = signature.inputs().get(i);
                switch (input) {
                    case Input.Number _, Input.Moment _ -> {
                        DoubleBuffer buffer = doubles(arena, 1).put(0, Double.NaN);
                        numbers.add(buffer);
                        inputs.put(
                                input.name(), OnnxTensor.createTensor(environment, buffer, SHAPE));
                    }
                    case Input.Category _, Input.Text _ -> {
                        numbers.add(doubles(arena, 0));
                        set(i, null);
                    }
                }
            }
            score =
                    arena.allocate(ValueLayout.JAVA_FLOAT, signature.width())
                            .asByteBuffer()
                            .order(ByteOrder.nativeOrder())
                            .asFloatBuffer();
            outputs =
                    Map.of(
                            signature.output(),
                            OnnxTensor.createTensor(
                                    environment, score, new long[] {1, signature.width()}));
        }

        @Override
        public void set(int input, double value) {
            numbers.get(input).put(0, value);
        }

        @Override
        public void set(int input, @Nullable String value) {
            Input of = signature.inputs().get(input);
            CategoryTensors known = categories.get(input);
            try {
                if (known != null) {
                    inputs.put(of.name(), known.of(value));
                    return;
                }
                OnnxTensor before = inputs.put(of.name(), text(OnnxScorer.text(of, value)));
                if (before != null) {
                    before.close();
                }
            } catch (OrtException e) {
                throw failed(e);
            }
        }

        private OnnxTensor text(String value) throws OrtException {
            return OnnxTensor.createTensor(environment, new String[] {value}, SHAPE);
        }

        @Override
        public float score() {
            try (OrtSession.Result _ = session.run(inputs, outputs)) {
                return score.get(0);
            } catch (OrtException e) {
                throw failed(e);
            }
        }

        @Override
        public float[] scores() {
            score();
            float[] all = new float[signature.width()];
            score.get(0, all);
            return all;
        }

        @Override
        public void close() {
            for (int i = 0; i < categories.size(); i++) {
                OnnxTensor tensor = inputs.get(signature.inputs().get(i).name());
                if (categories.get(i) == null && tensor != null) {
                    tensor.close(); // those of categories belong to the scorer
                }
            }
            outputs.values().forEach(OnnxTensor::close);
            arena.close();
        }
    }
}
