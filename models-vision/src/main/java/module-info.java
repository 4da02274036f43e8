/**
 * Picture stages: decoding, classification, moderation and text recognition.
 */
@org.jspecify.annotations.NullMarked
module dev.leat.models.vision {
    requires static transitive org.jspecify;
    requires transitive dev.leat.core;
    requires transitive java.desktop;
    requires com.twelvemonkeys.imageio.webp;
    requires org.slf4j;

    exports dev.leat.vision;
}
