package dev.leat.examples.service;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What the server itself refuses, no valid HTTP or a request after the end, gets its status and an empty envelope: no page
 * with the server's name and traces.
 */
final class PlainErrors implements Request.Handler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json; charset=utf-8");
        if (response.getStatus() == 503) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, Envelope.RETRY_AFTER_SECONDS);
        }
        Content.Sink.write(response, true, Envelope.of(Problem.ofStatus(response.getStatus())), callback);
        return true;
    }
}
