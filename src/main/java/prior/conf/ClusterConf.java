package prior.conf; public record ClusterConf(int workers, int averagingFrequency) implements java.io.Serializable {}
