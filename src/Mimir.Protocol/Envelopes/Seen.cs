namespace Mimir.Protocol.Envelopes;

/// <summary>The keys that decide something, one bit each, so that a second one is noticed.</summary>
[Flags]
internal enum Seen
{
    None = 0,
    JsonRpc = 1 << 0,
    Id = 1 << 1,
    Method = 1 << 2,
    Params = 1 << 3,
    Result = 1 << 4,
    Error = 1 << 5,
    Name = 1 << 6,
    Uri = 1 << 7,
    TaskId = 1 << 8,
    Cursor = 1 << 9,
    Level = 1 << 10,
    Version = 1 << 11,
    RequestId = 1 << 12,
    Token = 1 << 13,
    Arguments = 1 << 14,
    Capabilities = 1 << 15,
    Task = 1 << 16,
    Ref = 1 << 17,
    Meta = 1 << 18,
    MetaToken = 1 << 19,
    MetaVersion = 1 << 20,
    MetaCapabilities = 1 << 21,
    MetaLogLevel = 1 << 22,
    MetaSubscription = 1 << 23,
    MetaTask = 1 << 24,
    ResultType = 1 << 25,
    RefName = 1 << 26,
    RefUri = 1 << 27,
    RequestState = 1 << 28,
    InputResponses = 1 << 29,
}
