package dev.weir.ml.stats.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.SplittableRandom;

class LogHistogramTest {
    @Test
    void countsAndQuantilesAreThoseOfTheNumbersButForTheWidthOfABucket() {
        for (int seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] values =
                    random.doubles(500)
                            .map(v -> Math.exp(8 * (v - 0.5)) * (random.nextBoolean() ? 1 : -1))
                            .toArray();
            LogHistogram histogram = LogHistogram.of(values);
            Arrays.sort(values);
            assertThat(histogram.count()).isEqualTo(500);
            for (double share : new double[] {0.01, 0.25, 0.5, 0.99}) {
                double exact = values[(int) Math.ceil(share * 500) - 1];
                assertThat(histogram.quantile(share))
                        .as("seed %d, %s", seed, share)
                        .isCloseTo(exact, within(0.032 * Math.abs(exact)))
                        .isGreaterThanOrEqualTo(exact);
            }
            double bound = values[random.nextInt(500)];
            long above = Arrays.stream(values).filter(v -> v > bound).count();
            assertThat(histogram.above(bound)).isLessThanOrEqualTo(above + 1);
            assertThat(histogram.above(bound) + histogram.below(bound)).isLessThanOrEqualTo(500);
            double[] cuts = histogram.cuts(10);
            long[] grouped = histogram.grouped(cuts);
            assertThat(Arrays.stream(grouped).sum()).isEqualTo(500);
            assertThat(Arrays.stream(grouped).limit(grouped.length - 1)).allMatch(n -> n >= 50);
        }
    }

    @Test
    void addsUpAndTakesAwayAndIsReadBackAsItWas() {
        LogHistogram one = LogHistogram.of(0, 1, -2.5, 1e-30, 1e300, Double.NaN);
        LogHistogram other = LogHistogram.of(3, 3, 3, -2.5);
        assertThat(one.count()).isEqualTo(5);
        assertThat(one.plus(other).minus(other)).isEqualTo(one);
        assertThat(one.minus(one)).isEqualTo(LogHistogram.EMPTY);
        assertThat(LogHistogram.fromJson(one.plus(other).json())).isEqualTo(one.plus(other));
        assertThat(LogHistogram.EMPTY.quantile(0.5)).isNaN();
        assertThat(LogHistogram.of(7, 7, 7, 7).cuts(10)).isEmpty();
    }
}
