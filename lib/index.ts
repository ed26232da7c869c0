/**
 * What the package exports to other CDK apps; within this project each is imported from its own file.
 * @packageDocumentation
 */
export { LivePhotoUploader, type LivePhotoUploaderProps } from './live-photo-uploader';
export { LivePhotosStack, type LivePhotosStackProps } from './live-photos-stack';
export { ConfigurationError } from './validate-props';
