package dev.weir.ml.data.drift;

import dev.weir.ml.data.Aggregates;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.matrix.SqlNumbers;
import dev.weir.ml.stats.drift.Binning;
import dev.weir.ml.stats.drift.ColumnBaseline;

import java.util.Arrays;

/** The counts of one column of numbers in bins, as aggregates that DuckDB answers in one pass. */
final class ColumnTally {
    private final String name;
    private final Binning binning;
    private final String value;
    private final int[] bins;
    private final int values;
    private final int sum;
    private boolean odd;
    private int nan;
    private int high;
    private int low;

    ColumnTally(Column column, Binning binning, Aggregates ask) {
        this.name = column.name();
        this.binning = binning;
        this.value = SqlNumbers.asDouble(column);
        this.values = ask.add("count(" + DuckDb.name(column.name()) + ")");
        // neither NaN nor infinite where the sum is neither: far cheaper than to ask each value
        this.sum = column.type() == ColumnType.DOUBLE ? ask.add("sum(" + value + ")") : values;
        this.bins =
                switch (binning) {
                    case Binning.Edges(double[] inner) -> places(ask, " < ", inner);
                    case Binning.Values(double[] seen) -> places(ask, " = ", seen);
                    case Binning.Categories _, Binning.None _ -> new int[0];
                };
    }

    private int[] places(Aggregates ask, String operator, double[] bounds) {
        return Arrays.stream(bounds)
                .mapToInt(b -> ask.add("count_if(" + value + operator + literal(b) + ")"))
                .toArray();
    }

    private static String literal(double value) {
        return "'" + value + "'::double";
    }

    /** What has to be asked besides, once the first answers are there. */
    void askMore(Aggregates asked, Aggregates more) {
        odd = asked.whole(values) > 0 && !Double.isFinite(asked.real(sum));
        if (odd) {
            nan = more.add("count_if(isnan(" + value + "))");
            high = more.add("count_if(" + value + " = 'infinity'::double)");
            low = more.add("count_if(" + value + " = '-infinity'::double)");
        }
    }

    ColumnBaseline baseline(
            long rows, ColumnBaseline.Numbers seen, Aggregates asked, Aggregates more) {
        long nans = odd ? more.whole(nan) : 0;
        long above = odd ? more.whole(high) : 0;
        long below = odd ? more.whole(low) : 0;
        long present = asked.whole(values) - nans - above - below;
        long[] counts = new long[binning.size()];
        long before = 0;
        for (int i = 0; i < bins.length; i++) {
            long counted = asked.whole(bins[i]);
            if (binning instanceof Binning.Edges) {
                counts[i] = counted - below - before;
                before = counted - below;
            } else {
                counts[i] = counted;
                before += counted;
            }
        }
        counts[bins.length] = present - before;
        return new ColumnBaseline(
                name,
                rows,
                rows - asked.whole(values) + nans,
                above + below,
                binning,
                counts,
                0,
                seen);
    }
}
