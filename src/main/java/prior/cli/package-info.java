/** What the entry classes share: arguments, configuration files, the Spark session. */
package prior.cli;
