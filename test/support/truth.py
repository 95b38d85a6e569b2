"""What the simulated Graph holds, to compare an audit with."""
import json
import pathlib
import ssl
import urllib.parse
import urllib.request


def truth(said):
    """What Graph holds, from pages that meet no fault, read by Python."""
    trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=said["ca_file"]))
    opener = urllib.request.build_opener(trust, urllib.request.ProxyHandler({}))
    form = {"grant_type": "client_credentials", "client_id": said["client_id"], "scope": said["graph_url"] + "/.default",
            "client_secret": pathlib.Path(said["client_secret_file"]).read_text().strip()}
    token = json.load(opener.open(said["token_url"], urllib.parse.urlencode(form).encode()))["access_token"]
    link = said["graph_url"] + "/beta/admin/cloudLicensing/assignments?$top=999&$expand=allotment"
    held = {}
    while link:
        page = json.load(opener.open(urllib.request.Request(link, headers={"Authorization": "Bearer " + token})))
        held.update((each["id"], each["allotment"]) for each in page["value"])
        link = page.get("@odata.nextLink")
    return held
