import { Module } from '@nestjs/common';
import { ComparisonController } from './comparison/comparison.controller.js';

/** Compares the versions of each model with each other. */
@Module({ controllers: [ComparisonController] })
export class ExperimentModule {}
