/**
 * Text stages: embedding, sentiment, moderation, topics, classifiers, entities, keywords and summary on one shared
 * encoder.
 */
@org.jspecify.annotations.NullMarked
module dev.leat.models.text {
    requires static transitive org.jspecify;
    requires transitive dev.leat.core;
    requires static org.apache.opennlp.tools;
    requires ai.djl.tokenizers;
    requires ai.djl.api;
    requires com.google.gson;
    requires org.slf4j;
    requires com.google.i18n.phonenumbers.libphonenumber;
    requires org.iban4j;

    exports dev.leat.text;
}
