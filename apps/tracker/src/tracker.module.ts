import { Module } from '@nestjs/common';
import { TrackerController } from './tracker.controller.js';

/** Watches models: windows, budgets, alerts. */
@Module({ controllers: [TrackerController] })
export class TrackerModule {}
