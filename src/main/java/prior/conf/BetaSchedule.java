package prior.conf; public enum BetaSchedule { COSINE, LINEAR, QUADRATIC, JSD, SIGMOID }
