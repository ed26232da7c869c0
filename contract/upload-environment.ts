/** The environment variables of a back end that grants uploads: the construct sets them, `uploadSettingsFrom` reads them. */
export const uploadEnvironmentNames = {
  bucket: 'LIVE_PHOTOS_BUCKET',
  /** Separated by commas, which no prefix contains. */
  keyPrefixes: 'LIVE_PHOTOS_KEY_PREFIXES',
  clientIdMetadata: 'LIVE_PHOTOS_CLIENT_ID_METADATA',
  encryptionKeyArn: 'LIVE_PHOTOS_ENCRYPTION_KEY_ARN',
} as const;
