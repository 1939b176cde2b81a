package dev.weir.ml.data.check;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Schema;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;

/**
 * Holds expressions of a suite to one expression over the columns of a row: DuckDB parses it, and
 * its tree must have no query, no window and nothing that changes from one moment to the next.
 */
final class ExpressionGuard {
    private static final Set<String> FICKLE =
            Set.of(
                    "random",
                    "setseed",
                    "uuid",
                    "uuidv4",
                    "uuidv7",
                    "gen_random_uuid",
                    "now",
                    "today",
                    "current_date",
                    "current_time",
                    "current_timestamp",
                    "get_current_time",
                    "get_current_timestamp",
                    "transaction_timestamp",
                    "localtime",
                    "localtimestamp",
                    "current_localtime",
                    "current_localtimestamp",
                    "current_setting",
                    "getvariable",
                    "getenv",
                    "nextval",
                    "currval",
                    "txid_current");

    private final JsonMapper mapper = new JsonMapper();
    private final DuckDb.Session session;

    private final Schema schema;

    ExpressionGuard(DuckDb.Session session, Schema schema) {
        this.session = session;
        this.schema = schema;
    }

    /** Why this is no expression over the columns of a row; null where it is one. */
    @Nullable String objection(String expression) throws SQLException {
        StringBuilder answer = new StringBuilder();
        session.each(
                "select json_serialize_sql(" + DuckDb.text("select (" + expression + "\n)") + ")",
                row -> answer.append(row.getString(1)));
        JsonNode tree = mapper.readTree(answer.toString());
        if (tree.path("error").asBoolean(true)) {
            return "does not parse: " + tree.path("error_message").asString("not one expression");
        }
        JsonNode node = tree.path("statements").path(0).path("node");
        boolean alone =
                tree.path("statements").size() == 1
                        && node.path("type").asString("").equals("SELECT_NODE")
                        && node.path("select_list").size() == 1
                        && node.path("from_table").path("type").asString("").equals("EMPTY")
                        && node.path("where_clause").isNull()
                        && node.path("modifiers").isEmpty();
        if (!alone) {
            return "is not one expression over the columns of a row";
        }
        return objection(node.path("select_list").path(0));
    }

    /** Why this is no query that only reads, and answers the same at any time; else null. */
    @Nullable String objectionToQuery(String query) throws SQLException {
        StringBuilder answer = new StringBuilder();
        session.each(
                "select json_serialize_sql(" + DuckDb.text(query) + ")",
                row -> answer.append(row.getString(1)));
        JsonNode tree = mapper.readTree(answer.toString());
        if (tree.path("error").asBoolean(true)) {
            String why = tree.path("error_message").asString("not one query");
            return why.startsWith("Only SELECT")
                    ? "is no query (expected: select, which only reads)"
                    : "does not parse: " + why;
        }
        if (tree.path("statements").size() != 1) {
            return "is not one query";
        }
        return fickleIn(tree);
    }

    private @Nullable String fickleIn(JsonNode node) {
        String function = fickle(node);
        if (FICKLE.contains(function)) {
            return "has " + function + ", which is another at every moment";
        }
        for (JsonNode child : node) {
            String found = fickleIn(child);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable String objection(JsonNode node) {
        String kind = node.path("class").asString("");
        if (kind.equals("SUBQUERY") || kind.equals("WINDOW") || kind.equals("STAR")) {
            return "has a " + kind.toLowerCase(Locale.ROOT) + " (expected: columns of one row)";
        }
        String function = fickle(node);
        if (FICKLE.contains(function)) {
            return "has " + function + ", which is another at every moment";
        }
        for (JsonNode child : node) {
            String found = objection(child);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** The function that a node calls; without parentheses it looks like a column. */
    private String fickle(JsonNode node) {
        JsonNode names = node.path("column_names");
        if (names.size() == 1 && schema.column(names.path(0).asString("")).isEmpty()) {
            return names.path(0).asString("").toLowerCase(Locale.ROOT);
        }
        return node.path("function_name").asString("").toLowerCase(Locale.ROOT);
    }
}
