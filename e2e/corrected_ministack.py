"""Runs ministack with corrections where it differs from AWS: who sent a message, and how the permissions of a call are checked.

Each correction replaces a function of the version in requirements.txt.
"""

import sys

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.services import iam, lambda_svc, sqs


def role_of(arn):
    """The role of a session, and the session's name. None for every other principal."""
    # arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION
    fields = arn.split(":")
    kind, *names = fields[5].split("/") if len(fields) == 6 else [""]
    if kind != "assumed-role":
        return None
    role = iam._roles.get_scoped(fields[4], None, names[0])
    return role and (role, names[1])


def correct_sender_ids():
    """SQS reports a role's unique ID and the session's name as the SenderId. ministack reports the account."""
    build = sqs._build_send_sys_attrs

    def build_with_sender(now, given):
        attributes = build(now, given)
        found = role_of(iam_evaluator.caller_arn())
        if found:
            role, session = found
            attributes["SenderId"] = f"{role['RoleId']}:{session}"
        return attributes

    sqs._build_send_sys_attrs = build_with_sender
    run = lambda_svc._run_sqs_batch

    def run_with_senders(esm, function, event, batch, *queue):
        senders = {message["id"]: message["sys"]["SenderId"] for message in batch}
        for record in event["Records"]:
            record["attributes"]["SenderId"] = senders[record["messageId"]]
        return run(esm, function, event, batch, *queue)

    lambda_svc._run_sqs_batch = run_with_senders


def correct_batch_actions():
    """On AWS, a batch needs the permission of its single action, such as sqs:DeleteMessage. ministack checks DeleteMessageBatch."""
    extract = iam_actions.extract_iam_action

    def extract_single(*request):
        action = extract(*request)
        return action.removesuffix("Batch") if action and action.startswith("sqs:") else action

    iam_actions.extract_iam_action = extract_single


def correct_condition_keys():
    """On AWS, aws:PrincipalArn of a session is the ARN of its role, and aws:PrincipalIsAWSService is false for every caller."""
    resolve = iam_evaluator._resolve_condition_key

    def resolve_role(key, context):
        found = role_of(context.principal_arn) if key.lower() == "aws:principalarn" else None
        return found[0]["Arn"] if found else resolve(key, context)

    iam_evaluator._resolve_condition_key = resolve_role
    keys_of = iam_evaluator._principal_keys
    iam_evaluator._principal_keys = lambda credential: {
        **keys_of(credential),
        "aws:principalisawsservice": "false",
    }


correct_sender_ids()
correct_batch_actions()
correct_condition_keys()
sys.exit(app.main())
