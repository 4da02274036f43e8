package dev.leat.examples.adapters;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.DimensionAwareEmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.util.List;

/** Leat as LangChain4j's embedding model; thread-safe. */
public final class LangChain4jEmbeddingModel extends DimensionAwareEmbeddingModel {

    private final LeatEmbeddings embeddings;

    /**
     * Creates the model.
     *
     * @param embeddings stays the caller's
     */
    public LangChain4jEmbeddingModel(LeatEmbeddings embeddings) {
        this.embeddings = embeddings;
    }

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        List<String> texts = segments.stream().map(TextSegment::text).toList();
        return Response.from(
                embeddings.embed(texts).stream().map(Embedding::from).toList());
    }

    @Override
    protected Integer knownDimension() {
        return LeatEmbeddings.DIMENSION;
    }

    @Override
    public String modelName() {
        return LeatEmbeddings.MODEL_NAME;
    }
}
