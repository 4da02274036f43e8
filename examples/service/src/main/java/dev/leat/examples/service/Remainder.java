package dev.leat.examples.service;

import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Throws away what the sender of an answered request still sends, so that the answer arrives. */
final class Remainder extends Handler.Wrapper {

    /*
     * A request may be answered before its body was read: too large, too many, of another type. Closing a connection with
     * unread bytes resets it, and a reset overtakes an answer that the sender, still sending, has not read. So the
     * answer says that the connection ends, is sent at once, and the rest of the body is read without holding a thread,
     * no longer than a limit; only then is the connection closed.
     */

    /** What has come already is read this often before the connection is given up for further requests. */
    private static final int READS = 16;

    private final Duration patience;

    Remainder(Duration patience) {
        this.patience = patience;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        return super.handle(new Unread(request, response), response, new Drain(request, callback, patience));
    }

    /** Tells the sender of the connection's end where the server would stop reading; confined. */
    private static final class Unread extends Request.Wrapper {
        private final Response response;

        Unread(Request request, Response response) {
            super(request);
            this.response = response;
        }

        @Override
        public boolean consumeAvailable() {
            for (int i = 0; i < READS; i++) {
                Content.Chunk chunk = read();
                if (chunk == null || Content.Chunk.isFailure(chunk)) {
                    break;
                }
                chunk.release();
                if (chunk.isLast()) {
                    return true;
                }
            }
            if (!response.isCommitted()) {
                response.getHeaders().put(HttpHeader.CONNECTION, "close");
            }
            return false;
        }
    }

    /** Runs once the answer is written; the server calls it again as bytes come, never twice at a time. */
    private static final class Drain implements Callback, Runnable {
        private final Request request;
        private final Callback callback;
        private final long patience;
        private long answered;

        Drain(Request request, Callback callback, Duration patience) {
            this.request = request;
            this.callback = callback;
            this.patience = patience.toNanos();
        }

        @Override
        public void succeeded() {
            answered = System.nanoTime();
            boolean waits =
                    request.getHeaders().contains(HttpHeader.EXPECT) && Request.getContentBytesRead(request) == 0;
            if (waits) {
                callback.succeeded(); // its sender was not told to send the body, and reading it would tell so
            } else {
                run();
            }
        }

        @Override
        public void failed(Throwable failure) {
            callback.failed(failure);
        }

        @Override
        public void run() {
            while (System.nanoTime() - answered < patience) {
                Content.Chunk chunk = request.read();
                if (chunk == null) {
                    request.demand(this); // an idle connection is a failure, read then
                    return;
                }
                chunk.release();
                if (chunk.isLast() || Content.Chunk.isFailure(chunk)) {
                    break;
                }
            }
            callback.succeeded();
        }
    }
}
