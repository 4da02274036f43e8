module hello {
    requires dev.leat.models.text;
    requires dev.leat.models.vision;
}
