package dev.weir.ml.data.check;

import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.stream.Collectors;

/** Values of a suite, as SQL writes values of a column's type. */
final class Literal {
    private Literal() {}

    static String list(List<JsonNode> values, @Nullable Column column) {
        return values.stream().map(v -> of(v, column)).collect(Collectors.joining(", ", "(", ")"));
    }

    /**
     * @throws IllegalArgumentException where it is no value of that type
     */
    static String of(JsonNode value, @Nullable Column column) {
        ColumnType type = column == null ? ColumnType.VARCHAR : column.type();
        String text = value.asString();
        return switch (type) {
            case VARCHAR -> DuckDb.text(text);
            case BOOLEAN -> "cast(" + DuckDb.text(text) + " as boolean)";
            case DATE, TIMESTAMP -> "cast(" + DuckDb.text(utc(text)) + " as timestamp)";
            case BIGINT -> wholeOrReal(text);
            case DOUBLE -> "cast(" + DuckDb.text(text) + " as double)";
            case DECIMAL -> number(text);
        };
    }

    static String of(Instant moment) {
        return "timestamp '" + LocalDateTime.ofInstant(moment, ZoneOffset.UTC) + "'";
    }

    /** A moment with a zone as the same moment in UTC: a cast would forget the zone. */
    private static String utc(String text) {
        try {
            return OffsetDateTime.parse(text.strip().replace(' ', 'T'))
                    .atZoneSameInstant(ZoneOffset.UTC)
                    .toLocalDateTime()
                    .toString();
        } catch (DateTimeParseException withoutZone) {
            return text;
        }
    }

    private static String wholeOrReal(String text) {
        String number = number(text);
        return number.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'))
                ? number
                : "cast('" + number + "' as double)";
    }

    private static String number(String text) {
        try {
            BigDecimal number = new BigDecimal(text.strip());
            return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no number", e);
        }
    }
}
