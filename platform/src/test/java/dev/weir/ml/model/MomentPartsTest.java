package dev.weir.ml.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The graph's calendar is Java's. */
class MomentPartsTest {
    private static final int ROWS = 3000;

    private static double score(double year, double month, double weekday, double hour) {
        return year * 0.001 + month * 10 + weekday * 1000 + hour * 100_000;
    }

    @Test
    void daysAndSecondsHaveTheirParts() {
        SplittableRandom random = new SplittableRandom(11);
        double[] days = new double[ROWS];
        double[] seconds = new double[ROWS];
        double[] ofDays = new double[ROWS];
        double[] ofSeconds = new double[ROWS];
        for (int i = 0; i < ROWS; i++) {
            days[i] = random.nextInt(-400_000, 400_000);
            LocalDate day = LocalDate.ofEpochDay((long) days[i]);
            ofDays[i] = score(day.getYear(), day.getMonthValue(), day.getDayOfWeek().getValue(), 0);
            long second = random.nextLong(-9_000_000_000L, 9_000_000_000L);
            seconds[i] = second + random.nextInt(0, 4) / 4.0;
            LocalDateTime at = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
            ofSeconds[i] =
                    score(
                            at.getYear(),
                            at.getMonthValue(),
                            at.getDayOfWeek().getValue(),
                            at.getHour());
        }
        check(Input.Moment.Unit.DAYS, days, ofDays);
        check(Input.Moment.Unit.SECONDS, seconds, ofSeconds);
        check(Input.Moment.Unit.SECONDS, new double[] {Double.NaN}, new double[] {0});
    }

    private static void check(Input.Moment.Unit unit, double[] values, double[] expected) {
        Signature signature = Signature.regression("y", List.of(new Input.Moment("when", unit)));
        int parts = unit.parts().size();
        double[] ones = {1, 1, 1, 1};
        double[] weights = {0.001, 10, 1000, 100_000};
        LinearModel model =
                new LinearModel(
                        new double[parts],
                        Arrays.copyOf(ones, parts),
                        Arrays.copyOf(weights, parts),
                        List.of(),
                        List.of(),
                        new double[1],
                        Link.IDENTITY);
        ModelFolder.Onnx folder =
                new ModelFolder.Onnx(signature, OnnxExport.bytes(model, signature));
        assertThat(Signature.of(signature.bytes())).isEqualTo(signature);
        try (Scorer scorer = OnnxScorer.open(folder)) {
            float[] scores =
                    scorer.score(
                            new Columns(
                                    values.length, Map.of("when", new Columns.Numbers(values))));
            for (int i = 0; i < values.length; i++) {
                assertThat((double) scores[i])
                        .as("%s %s", values[i], unit.text())
                        .isCloseTo(expected[i], within(1e-6 * Math.max(1, expected[i])));
            }
        }
    }
}
