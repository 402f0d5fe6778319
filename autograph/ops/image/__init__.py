"""Functions of images, with the names of `keras.ops.image`."""

from autograph.ops.image.colors import hsv_to_rgb, rgb_to_grayscale, rgb_to_hsv
from autograph.ops.image.cropping import crop_images, pad_images
from autograph.ops.image.filters import gaussian_blur, sobel_edges, ssim
from autograph.ops.image.patches import extract_patches, extract_patches_3d, reconstruct_patches, reconstruct_patches_3d
from autograph.ops.image.resampling import resize, scale_and_translate
from autograph.ops.image.sampling import map_coordinates
from autograph.ops.image.warps import affine_transform, elastic_transform, perspective_transform

__all__ = [
    "affine_transform", "crop_images", "elastic_transform", "extract_patches", "extract_patches_3d", "gaussian_blur",
    "hsv_to_rgb", "map_coordinates", "pad_images", "perspective_transform", "reconstruct_patches",
    "reconstruct_patches_3d", "resize", "rgb_to_grayscale", "rgb_to_hsv", "scale_and_translate", "sobel_edges",
    "ssim",
]  # fmt: skip
