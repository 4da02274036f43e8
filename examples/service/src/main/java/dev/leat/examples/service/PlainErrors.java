package dev.leat.examples.service;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What is no valid HTTP gets its status and an empty envelope: no page of the server's with its name and traces. */
final class PlainErrors implements Request.Handler {

    private static final String BODY = "{\"result\":null,\"success\":false,\"errors\":[{\"code\":3003,"
            + "\"reason\":\"bad-request\",\"message\":\"The request is not valid.\"}],\"messages\":[]}";

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json; charset=utf-8");
        Content.Sink.write(response, true, BODY, callback);
        return true;
    }
}
