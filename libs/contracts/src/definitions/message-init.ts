import type { DescMessage, Message, MessageInitShape } from '@bufbuild/protobuf';
import type { GenMessage } from '@bufbuild/protobuf/codegenv2';

/** What `create` takes for a message of this type. */
export type MessageInit<T extends Message> = MessageInitShape<GenMessage<T> & DescMessage>;
