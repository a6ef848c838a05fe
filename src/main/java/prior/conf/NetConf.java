package prior.conf;
public record NetConf(int dim, int depth, Integer numTimesteps, int maxTextLen, int numTimeEmbeds, int numImageEmbeds, int numTextEmbeds, int dimHead, int heads, int ffMult, boolean normIn, boolean normOut, double attnDropout, double ffDropout, boolean finalProj, boolean normformer, boolean rotaryEmb, boolean selfCond) implements java.io.Serializable {}
