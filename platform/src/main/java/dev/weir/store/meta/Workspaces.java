package dev.weir.store.meta;

import java.time.Clock;

/** The workspaces of a home: the namespaces that all its names live in. */
public final class Workspaces {
    /** The one that every home has. */
    public static final String DEFAULT = "default";

    private static final String KNOWN = "select 1 from workspace where name = ?";

    private Workspaces() {}

    /** Whether there is one of this name. */
    public static boolean known(Database database, String name) {
        return database.read(tx -> tx.first(KNOWN, row -> row.getInt(1), name).isPresent());
    }

    /** Makes a workspace, where there is none of this name. */
    public static void open(Database database, String name, String actor, Clock clock) {
        if (known(database, name)) {
            return;
        }
        database.writing(
                tx ->
                        tx.update(
                                "insert into workspace (name, created_us, created_by)"
                                        + " values (?, ?, ?) on conflict do nothing",
                                name,
                                Times.micros(clock.instant()),
                                actor));
    }
}
