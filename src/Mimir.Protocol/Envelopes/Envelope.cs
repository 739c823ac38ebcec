namespace Mimir.Protocol.Envelopes;

/// <summary>
/// What a router must know of one message: its kind and where in the frame the parts lie that decide something.
/// Everything else stays bytes. Filled by <see cref="EnvelopeScanner"/>; valid for exactly the frame that was scanned.
/// </summary>
public struct Envelope
{
    /// <summary>What the message is.</summary>
    public FrameKind Kind;

    /// <summary>The method, or <see cref="McpMethod.Unknown"/> for one this build does not know (see <see cref="MethodName"/>).</summary>
    public McpMethod Method;

    /// <summary>True when <see cref="Name"/> has escapes and must be decoded before it is compared.</summary>
    public bool NameEscaped;

    /// <summary>True when <see cref="Uri"/> has escapes.</summary>
    public bool UriEscaped;

    /// <summary>True when <see cref="RefName"/> or <see cref="RefUri"/> has escapes.</summary>
    public bool RefEscaped;

    /// <summary>True when the id is a number, false when it is a string.</summary>
    public bool IdIsNumber;

    /// <summary>True when the error's id is null or missing.</summary>
    public bool IdIsNull;

    /// <summary>True when <see cref="TaskId"/> stands in <c>result.task</c>.</summary>
    public bool TaskIsNested;

    /// <summary>True when <c>_meta</c> is there and no object.</summary>
    public bool MetaIsNoObject;

    /// <summary>True when <c>result.isError</c> is <c>true</c>: a tool says that it failed.</summary>
    public bool ResultIsError;

    /// <summary>True when <c>params.task</c> is there: the caller asks for a task (v1).</summary>
    public bool AsksForTask;

    /// <summary>The id token, quotes included.</summary>
    public ByteRange Id;

    /// <summary>The method's name without quotes.</summary>
    public ByteRange MethodName;

    /// <summary>The whole <c>params</c> object.</summary>
    public ByteRange Params;

    /// <summary>Inside of <c>params.name</c>.</summary>
    public ByteRange Name;

    /// <summary>Inside of <c>params.uri</c>.</summary>
    public ByteRange Uri;

    /// <summary>Inside of <c>params.ref.name</c>.</summary>
    public ByteRange RefName;

    /// <summary>Inside of <c>params.ref.uri</c>.</summary>
    public ByteRange RefUri;

    /// <summary>The value of <c>params.arguments</c>.</summary>
    public ByteRange Arguments;

    /// <summary>Inside of <c>params.taskId</c>, <c>result.taskId</c> or <c>result.task.taskId</c>.</summary>
    public ByteRange TaskId;

    /// <summary>Inside of <c>params.cursor</c>.</summary>
    public ByteRange Cursor;

    /// <summary>Inside of <c>params.level</c>.</summary>
    public ByteRange Level;

    /// <summary>The token <c>params.requestId</c> of a cancellation.</summary>
    public ByteRange RequestId;

    /// <summary>The token <c>params._meta.progressToken</c> of a request.</summary>
    public ByteRange ProgressToken;

    /// <summary>The token <c>params.progressToken</c> of a progress notification.</summary>
    public ByteRange NotifiedToken;

    /// <summary>The whole <c>_meta</c> object of params or result.</summary>
    public ByteRange Meta;

    /// <summary>Inside of the protocol version: of <c>_meta</c> in a modern request, of <c>params</c> in <c>initialize</c>, of <c>result</c> in its answer.</summary>
    public ByteRange ProtocolVersion;

    /// <summary>Inside of the protocol version that <c>_meta</c> claims. Its presence makes a request modern.</summary>
    public ByteRange MetaVersion;

    /// <summary>The object <c>_meta["io.modelcontextprotocol/clientCapabilities"]</c>.</summary>
    public ByteRange MetaCapabilities;

    /// <summary>The value of <c>_meta["io.modelcontextprotocol/clientInfo"]</c>: who the client says it is.</summary>
    public ByteRange MetaClient;

    /// <summary>Inside of <c>_meta["io.modelcontextprotocol/logLevel"]</c>.</summary>
    public ByteRange MetaLogLevel;

    /// <summary>The token <c>_meta["io.modelcontextprotocol/subscriptionId"]</c>.</summary>
    public ByteRange SubscriptionId;

    /// <summary>Inside of <c>_meta["io.modelcontextprotocol/related-task"].taskId</c>.</summary>
    public ByteRange RelatedTask;

    /// <summary>The value of <c>params.requestState</c>, quotes included: a modern request that goes on where an earlier one stopped.</summary>
    public ByteRange RequestState;

    /// <summary>The value of <c>params.inputResponses</c>: what a modern client answers to what it was asked.</summary>
    public ByteRange InputResponses;

    /// <summary>The object <c>params.capabilities</c> or <c>result.capabilities</c>.</summary>
    public ByteRange Capabilities;

    /// <summary>The value of <c>result</c>.</summary>
    public ByteRange Result;

    /// <summary>Inside of <c>result.resultType</c>.</summary>
    public ByteRange ResultType;

    /// <summary>The value of <c>error</c>.</summary>
    public ByteRange Error;

    /// <summary><c>error.code</c>, 0 when there is none.</summary>
    public long ErrorCode;

    /// <summary>The token <c>error.code</c>, when it is a number.</summary>
    public ByteRange ErrorNumber;

    /// <summary>True for a message that claims the modern era.</summary>
    public readonly bool ClaimsModern => MetaVersion.Exists;
}
