package dev.weir.server;

import java.io.IOException;

/** One protocol. Any number of threads use one door. */
public interface Door {
    /**
     * Whether a request is this door's to answer.
     *
     * @param path as it was sent, percent-encoded: {@code /api/2.0/mlflow/runs/create}
     */
    boolean owns(String path);

    /**
     * Answers a request of its own. What it throws is a defect, except {@link IOException}, which
     * says that the client is gone.
     */
    void answer(Call call) throws IOException;

    /**
     * Answers a request that the server does not let in, in the words of this door's protocol.
     *
     * @param status 401, 403 or 500
     * @param why for a person
     */
    void refuse(Call call, int status, String why) throws IOException;
}
