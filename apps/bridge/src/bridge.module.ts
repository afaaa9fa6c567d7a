import { Module } from '@nestjs/common';
import { MoneyController } from './money/money.controller.js';

/** Turns what is known of models into money. */
@Module({ controllers: [MoneyController] })
export class BridgeModule {}
