/** What the keys of a checkpoint's entries begin with. */
export const modelPrefix = 'model/';
export const versionPrefix = 'version/';
export const bucketPrefix = 'bucket/';
export const segmentPrefix = 'segment/';
export const segmentBucketPrefix = 'segment-bucket/';
