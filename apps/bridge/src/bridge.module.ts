import { Module } from '@nestjs/common';
import { MoneyController } from './money/money.controller.js';
import { ProtectedValueController } from './protected-value/protected-value.controller.js';

/** Turns what is known of models into money. */
@Module({ controllers: [MoneyController, ProtectedValueController] })
export class BridgeModule {}
