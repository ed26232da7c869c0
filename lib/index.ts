/**
 * The exports of the package for other CDK apps. Files of this project import each other directly.
 * @packageDocumentation
 */
export { LivePhotoUploader } from './live-photo-uploader';
export { LivePhotosStack } from './live-photos-stack';
export type { LivePhotosStackProps, LivePhotoUploaderProps } from './uploader-props';
export { ConfigurationError } from './validate-props';
