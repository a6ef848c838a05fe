/** Configuration: HOCON text into checked records, all problems reported together. */
package prior.conf;
