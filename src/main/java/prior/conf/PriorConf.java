package prior.conf;
public record PriorConf(NetConf net, int timesteps, Integer sampleTimesteps, double condDropProb, Double textCondDropProb, Double imageCondDropProb, LossType lossType, Objective objective, BetaSchedule betaSchedule, boolean conditionOnTextEncodings, boolean samplingClampL2norm, boolean samplingFinalClampL2norm, boolean trainingClampL2norm, boolean initImageEmbedL2norm, Double imageEmbedScale) implements java.io.Serializable {
  public float scale() { return imageEmbedScale == null ? (float) Math.sqrt(net.dim()) : imageEmbedScale.floatValue(); }
}
